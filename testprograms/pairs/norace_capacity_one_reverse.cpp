// SPDX-License-Identifier: Apache-2.0
// Without the buffer the send completes only after the receive: the same program is ordered.
// verdict: clean 20/20
#include <snag/snag.h>

int main() {
  int x = 0;
  snag::chan<int> c(0);
  snag::wait_group wg;
  wg.go([&] {
    x = 1;
    c.recv();
  });
  c << 1;
  int seen = x;
  wg.wait();
  return seen == 7;
}
