// SPDX-License-Identifier: Apache-2.0
// The loop goes downwards, and only its last element is another's, too.
// verdict: race 20/20
// race: values
#include <snag/snag.h>

long values[64];

[[gnu::noinline]] void shift(long* v, int n) {
  for (int i = n; i > 0; --i) v[i] = v[i - 1];  // <- 1
}

int main() {
  snag::wait_group wg;
  wg.go([] { values[16] = 1; });  // <- 2
  shift(values + 16, 40);
  wg.wait();
}
