// SPDX-License-Identifier: Apache-2.0
// Of what the loop goes through, only the first element is another's, too.
// verdict: race 20/20
// race: values
#include <snag/snag.h>

int values[64];

[[gnu::noinline]] void fill(int* v, int n) {
  for (int i = 0; i < n; ++i) v[i] = i;  // <- 1
}

int main() {
  snag::wait_group wg;
  wg.go([] { values[16] = 1; });  // <- 2
  fill(values + 16, 40);
  wg.wait();
}
