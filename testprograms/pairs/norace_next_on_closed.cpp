// SPDX-License-Identifier: Apache-2.0
// Each goroutine that sees the close reads what the closer wrote; reading together is no race.
// verdict: clean 20/20
#include <snag/snag.h>

int main() {
  int leavers = 0, seen[2] = {0, 0};
  snag::chan<int> c;
  snag::wait_group wg;
  for (int i = 0; i < 2; ++i) {
    wg.go([&, i] {
      while (c.next()) {
      }
      seen[i] = leavers;
    });
  }
  leavers = 2;
  c.close();
  wg.wait();
  return seen[0] + seen[1] != 4;
}
