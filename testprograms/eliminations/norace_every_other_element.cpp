// SPDX-License-Identifier: Apache-2.0
// The loop steps over every other element: those are somebody else's.
// verdict: clean 20/20
#include <snag/snag.h>

int values[64];

[[gnu::noinline]] void fill(int* v, int n) {
  for (int i = 0; i < n; i += 2) v[i] = i;
}

int main() {
  snag::wait_group wg;
  wg.go([] {
    for (int i = 1; i < 64; i += 2) values[i] = 2;
  });
  fill(values, 64);
  wg.wait();
  return values[2] != 2;
}
