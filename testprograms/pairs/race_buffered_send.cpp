// SPDX-License-Identifier: Apache-2.0
// The element was sent before the write: the receiver of that element is not ordered after it.
// verdict: race 20/20
// race: x
#include <snag/snag.h>

int main() {
  int x = 0;
  snag::chan<int> c(4);
  snag::wait_group wg;
  wg.go([&] {
    c << 1;
    x = 1;  // <- 1
    c << 2;
  });
  c.recv();
  int seen = x;  // <- 2
  c.recv();
  wg.wait();
  return seen == 7;
}
