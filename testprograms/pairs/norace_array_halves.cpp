// SPDX-License-Identifier: Apache-2.0
// Two halves of one array.
// verdict: clean 20/20
#include <snag/snag.h>

int cells[100];

void fill(int from, int to) {
  for (int i = from; i < to; ++i) cells[i] = i;
}

int main() {
  snag::wait_group wg;
  wg.go([] { fill(0, 50); });
  wg.go([] { fill(50, 100); });
  wg.wait();
  return cells[99] != 99;
}
