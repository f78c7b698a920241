// SPDX-License-Identifier: Apache-2.0
// Each goroutine looks at the one loop variable that the loop goes on incrementing.
// verdict: race 20/20
// race: i
#include <snag/snag.h>

int main() {
  int seen[3] = {}, i = 0;
  snag::wait_group wg;
  for (i = 0; i < 3; ++i) {        // <- 1
    wg.go([&] { seen[0] += i; });  // <- 1 2
  }
  wg.wait();
  return seen[0] == 70;
}
