// SPDX-License-Identifier: Apache-2.0
// One element of buffer turns the direction off: the send need not wait for the receiver, so it learns
// nothing.
// verdict: race 20/20
// race: x
#include <snag/snag.h>

int main() {
  int x = 0;
  snag::chan<int> c(1);
  snag::wait_group wg;
  wg.go([&] {
    x = 1;  // <- 1
    c.recv();
  });
  c << 1;
  int seen = x;  // <- 2
  wg.wait();
  return seen == 7;
}
