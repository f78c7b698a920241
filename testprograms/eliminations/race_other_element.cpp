// SPDX-License-Identifier: Apache-2.0
// Whoever knows the address of one element can reach the others.
// verdict: race 20/20
// race: values p
#include <snag/snag.h>

snag::wait_group wg;
int seen = 0;

[[gnu::noinline]] void lend(const int* p) {
  wg.go([p] { seen = p[1]; });  // <- 2
}

int main() {
  int values[2] = {1, 2};
  lend(&values[0]);
  values[1] = 44;  // <- 1
  wg.wait();
  return seen + values[1] == 77;
}
