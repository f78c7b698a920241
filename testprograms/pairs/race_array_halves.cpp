// SPDX-License-Identifier: Apache-2.0
// Two halves that overlap by one element.
// verdict: race 20/20
// race: cells
#include <snag/snag.h>

int cells[100];

void fill(int from, int to) {
  for (int i = from; i < to; ++i) cells[i] = i;  // <- 1 2
}

int main() {
  snag::wait_group wg;
  wg.go([] { fill(0, 51); });
  wg.go([] { fill(50, 100); });
  wg.wait();
  return cells[99] == 7;
}
