// SPDX-License-Identifier: Apache-2.0
// The loop has no iteration this time.
// verdict: clean 20/20
#include <snag/snag.h>

int values[64];
volatile int none = 0;

[[gnu::noinline]] void fill(int* v, int n) {
  for (int i = 0; i < n; ++i) v[i] = 3;
}
[[gnu::noinline]] int sum(const int* from, const int* to) {
  int s = 0;
  for (const int* p = from; p != to; ++p) s += *p;
  return s;
}

int main() {
  snag::wait_group wg;
  wg.go([] {
    for (int& v : values) v = 1;
  });
  fill(values, none);
  int s = sum(values + none, values);
  wg.wait();
  return s;
}
