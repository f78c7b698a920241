// SPDX-License-Identifier: Apache-2.0
// Written in the block in which it was lent, after that.
// verdict: race 20/20
// race: x p
#include <snag/snag.h>

snag::wait_group wg;
int seen = 0;

[[gnu::noinline]] void lend(const int* p) noexcept {
  wg.go([p] { seen = *p; });  // <- 2
}

int main() {
  int x = 1;
  lend(&x);
  x = 2;  // <- 1
  wg.wait();
  return seen + x == 77;
}
