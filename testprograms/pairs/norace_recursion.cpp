// SPDX-License-Identifier: Apache-2.0
// Two recursions at once, each with a counter of its own.
// verdict: clean 20/20
#include <snag/snag.h>

void descend(int level, int& deepest) {
  if (level > deepest) deepest = level;
  if (level < 200) descend(level + 1, deepest);
}

int main() {
  int a = 0, b = 0;
  snag::wait_group wg;
  wg.go([&] { descend(1, a); });
  descend(1, b);
  wg.wait();
  return a != b;
}
