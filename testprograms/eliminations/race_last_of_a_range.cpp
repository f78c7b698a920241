// SPDX-License-Identifier: Apache-2.0
// Of what the loop goes through, only the last element is another's, too.
// verdict: race 20/20
// race: values
#include <snag/snag.h>

int values[64];

[[gnu::noinline]] int sum(const int* v, int n) {
  int s = 0;
  for (int i = 0; i < n; ++i) s += v[i];  // <- 1
  return s;
}

int main() {
  snag::wait_group wg;
  wg.go([] { values[55] = 1; });  // <- 2
  int s = sum(values + 16, 40);
  wg.wait();
  return s > 1;
}
