// SPDX-License-Identifier: Apache-2.0
// The loop stops at an element that says so; what lies behind it is somebody else's.
// verdict: clean 20/20
#include <snag/snag.h>

int values[64];

[[gnu::noinline]] int find(const int* v, int n) {
  int i = 0;
  while (i < n && v[i] != 1) ++i;
  return i;
}

int main() {
  values[20] = 1;
  snag::wait_group wg;
  wg.go([] {
    for (int i = 21; i < 64; ++i) values[i] = 2;
  });
  int found = find(values, 64);
  wg.wait();
  return found != 20;
}
