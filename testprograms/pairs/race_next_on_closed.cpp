// SPDX-License-Identifier: Apache-2.0
// Two goroutines learn that the channel is closed; that orders each after the closer, not after one another.
// verdict: race 20/20
// race: leavers
#include <snag/snag.h>

int main() {
  int leavers = 0;
  snag::chan<int> c;
  snag::wait_group wg;
  for (int i = 0; i < 2; ++i) {
    wg.go([&] {
      while (c.next()) {
      }
      ++leavers;  // <- 1 2
    });
  }
  c.close();
  wg.wait();
  return leavers == 7;
}
