// SPDX-License-Identifier: Apache-2.0
// A send happens before the receive that takes its value completes.
// verdict: clean 20/20
#include <snag/snag.h>

int main() {
  int x = 0;
  snag::chan<int> c;
  snag::wait_group wg;
  wg.go([&] {
    x = 1;
    c << 1;
  });
  c.recv();
  int seen = x;
  wg.wait();
  return seen == 7;
}
