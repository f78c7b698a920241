// SPDX-License-Identifier: Apache-2.0
// The loop knows beforehand at which element it stops, and does not touch that one.
// verdict: clean 20/20
#include <snag/snag.h>

int values[64];

[[gnu::noinline]] void fill(int* v, int n, int end) {
  for (int i = 0; i < n; ++i) {
    if (i == end) break;
    v[i] = i;
  }
}

int main() {
  snag::wait_group wg;
  wg.go([] { values[20] = 2; });
  fill(values, 64, 20);
  wg.wait();
}
