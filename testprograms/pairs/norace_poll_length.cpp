// SPDX-License-Identifier: Apache-2.0
// Polling may tell when to receive; it is the receive that orders.
// verdict: clean 20/20
#include <snag/snag.h>

int main() {
  int x = 0;
  snag::chan<int> c(1);
  snag::wait_group wg;
  wg.go([&] {
    x = 1;
    c << 1;
  });
  while (c.len() == 0) snag::yield();
  c.recv();
  int seen = x;
  wg.wait();
  return seen == 7;
}
