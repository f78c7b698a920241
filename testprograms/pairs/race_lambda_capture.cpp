// SPDX-License-Identifier: Apache-2.0
// Captured by reference, the variable is the caller's own.
// verdict: race 20/20
// race: limit
#include <snag/snag.h>

int main() {
  int limit = 10, seen = 0;
  snag::wait_group wg;
  wg.go([&limit, &seen] { seen = limit; });  // <- 1
  limit = 20;                                // <- 2
  wg.wait();
  return seen == 7;
}
