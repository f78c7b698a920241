// SPDX-License-Identifier: Apache-2.0
// A global counter, incremented by two goroutines.
// verdict: race 20/20
// race: requests
#include <snag/snag.h>

int requests = 0;

void serve() {
  ++requests;  // <- 1 2
}

int main() {
  snag::wait_group wg;
  wg.go(serve);
  wg.go(serve);
  wg.wait();
  return requests == 7;
}
