// SPDX-License-Identifier: Apache-2.0
// Read before it is captured, in a loop: in the next round the goroutine has it.
// verdict: race 20/20
// race: x
#include <snag/snag.h>

int main() {
  snag::wait_group wg;
  int x = 0, total = 0;
  for (int round = 0; round < 2; ++round) {
    total += x;                              // <- 1
    if (round == 0) wg.go([&x] { x = 1; });  // <- 2
  }
  wg.wait();
  return total == 7;
}
