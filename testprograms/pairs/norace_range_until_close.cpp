// SPDX-License-Identifier: Apache-2.0
// A loop over the channel ends by receiving the close, which orders everything the closer did before it.
// verdict: clean 20/20
#include <snag/snag.h>

int main() {
  int total = 0, sum = 0;
  snag::chan<int> c;
  snag::wait_group wg;
  wg.go([&] {
    for (int i = 1; i <= 3; ++i) c << i;
    total = 6;
    c.close();
  });
  for (int v : c) sum += v;
  bool equal = sum == total;
  wg.wait();
  return !equal;
}
