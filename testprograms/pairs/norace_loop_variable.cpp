// SPDX-License-Identifier: Apache-2.0
// Each goroutine gets the loop variable's value.
// verdict: clean 20/20
#include <snag/snag.h>

int main() {
  int seen[3] = {};
  snag::wait_group wg;
  for (int i = 0; i < 3; ++i) wg.go([&seen, i] { seen[i] = i; });
  wg.wait();
  return seen[0] + seen[1] + seen[2] != 3;
}
