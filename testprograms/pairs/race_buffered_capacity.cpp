// SPDX-License-Identifier: Apache-2.0
// Capacity 2: the first receive is ordered before the third send only. After the second send nothing is
// known.
// verdict: race 20/20
// race: x
#include <snag/snag.h>

int main() {
  int x = 0;
  snag::chan<int> c(2);
  snag::wait_group wg;
  wg.go([&] {
    x = 1;  // <- 1
    c.recv();
  });
  c << 1;
  c << 2;
  x = 2;  // <- 2
  c << 3;
  wg.wait();
  return x == 7;
}
