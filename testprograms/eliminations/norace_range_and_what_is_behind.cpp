// SPDX-License-Identifier: Apache-2.0
// What lies before and behind the elements of the loop is another's.
// verdict: clean 20/20
#include <snag/snag.h>

short values[64];

[[gnu::noinline]] void fill(short* v, int n) {
  for (int i = 0; i < n; ++i) v[i] = 3;
}
[[gnu::noinline]] void fill_backwards(short* v, int n) {
  for (int i = n; i-- > 0;) v[i] = static_cast<short>(v[i] + 1);
}

int main() {
  snag::wait_group wg;
  wg.go([] {
    values[16] = 1;
    values[57] = 1;
  });
  fill(values + 17, 40);
  fill_backwards(values + 17, 40);
  wg.wait();
}
