// SPDX-License-Identifier: Apache-2.0
// The k-th receive from a channel of capacity C happens before the (k+C)-th send completes.
// verdict: clean 20/20
#include <snag/snag.h>

int main() {
  int x = 0;
  snag::chan<int> c(2);
  snag::wait_group wg;
  wg.go([&] {
    x = 1;
    c.recv();
  });
  c << 1;
  c << 2;
  c << 3;
  x = 2;
  wg.wait();
  return x == 7;
}
