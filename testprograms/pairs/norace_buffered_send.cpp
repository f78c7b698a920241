// SPDX-License-Identifier: Apache-2.0
// The k-th send happens before the k-th receive completes, also through a buffer.
// verdict: clean 20/20
#include <snag/snag.h>

int main() {
  int x = 0;
  snag::chan<int> c(4);
  snag::wait_group wg;
  wg.go([&] {
    c << 1;
    x = 1;
    c << 2;
  });
  c.recv();
  c.recv();
  int seen = x;
  wg.wait();
  return seen == 7;
}
