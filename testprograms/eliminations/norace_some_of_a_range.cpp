// SPDX-License-Identifier: Apache-2.0
// The loop asks each time whether it may touch the element.
// verdict: clean 20/20
#include <snag/snag.h>

int values[64];

[[gnu::noinline]] void fill(int* v, int n) {
  for (int i = 0; i < n; ++i)
    if (i % 3 == 0) v[i] = i;
}

int main() {
  snag::wait_group wg;
  wg.go([] {
    for (int i = 0; i < 64; ++i)
      if (i % 3 != 0) values[i] = i;
  });
  fill(values, 64);
  wg.wait();
}
