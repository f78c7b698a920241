// SPDX-License-Identifier: Apache-2.0
// The loop looks as if it came to its end, but what it calls throws.
// verdict: clean 20/20
#include <snag/snag.h>

int values[64];

[[gnu::noinline]] void leave_at(int i) {
  if (i == 20) throw i;
}

[[gnu::noinline]] void fill(int* v, int n) {
  for (int i = 0; i < n; ++i) {
    v[i] = 1;
    leave_at(i);
  }
}

int main() {
  snag::wait_group wg;
  wg.go([] {
    for (int i = 21; i < 64; ++i) values[i] = 2;
  });
  try {
    fill(values, 64);
  } catch (int) {
  }
  wg.wait();
  return values[20] != 1;
}
