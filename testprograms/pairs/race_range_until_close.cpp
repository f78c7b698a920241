// SPDX-License-Identifier: Apache-2.0
// The reader stops at the last element instead of at the close, and misses the write between the two.
// verdict: race 20/20
// race: total
#include <snag/snag.h>

int main() {
  int total = 0, sum = 0;
  snag::chan<int> c;
  snag::wait_group wg;
  wg.go([&] {
    for (int i = 1; i <= 3; ++i) c << i;
    total = 6;  // <- 1
    c.close();
  });
  for (int v : c) {
    sum += v;
    if (v == 3) break;
  }
  bool equal = sum == total;  // <- 2
  wg.wait();
  return equal && sum == 7;
}
