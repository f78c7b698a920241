// SPDX-License-Identifier: Apache-2.0
// The racing access is many calls deep on one side.
// verdict: race 20/20
// race: deepest
#include <snag/snag.h>

int deepest = 0;

void descend(int level) {
  if (level > deepest) deepest = level;  // <- 1
  if (level < 200) descend(level + 1);
}

int main() {
  snag::wait_group wg;
  wg.go([] { descend(1); });
  int seen = deepest;  // <- 2
  wg.wait();
  return seen == 7000;
}
