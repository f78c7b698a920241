// SPDX-License-Identifier: Apache-2.0
// Asking how many elements a channel holds synchronises nothing.
// verdict: race 20/20
// race: x
#include <snag/snag.h>

int main() {
  int x = 0;
  snag::chan<int> c(1);
  snag::wait_group wg;
  wg.go([&] {
    x = 1;  // <- 1
    c << 1;
  });
  while (c.len() == 0) snag::yield();
  int seen = x;  // <- 2
  wg.wait();
  return seen == 7;
}
