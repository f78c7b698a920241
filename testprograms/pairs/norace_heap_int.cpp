// SPDX-License-Identifier: Apache-2.0
// Two ints on the heap, next to each other.
// verdict: clean 20/20
#include <snag/snag.h>

int main() {
  int* p = new int[2]{0, 0};
  snag::wait_group wg;
  wg.go([mine = p] { mine[1] = 1; });
  p[0] = 2;
  wg.wait();
  int sum = p[0] + p[1];
  delete[] p;
  return sum != 3;
}
