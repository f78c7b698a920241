// SPDX-License-Identifier: Apache-2.0
// Each member writes its own place, and the waiter adds up after all of them.
// verdict: clean 20/20
#include <snag/snag.h>

int main() {
  int part[3] = {0, 0, 0};
  snag::wait_group wg;
  for (int i = 0; i < 3; ++i) wg.go([&, i] { part[i] = i + 1; });
  wg.wait();
  return part[0] + part[1] + part[2] != 6;
}
