// SPDX-License-Identifier: Apache-2.0
// A variable that is used more often than anybody looks counts as known to all.
// verdict: race 20/20
// race: x p
#include <snag/snag.h>

#define FOUR(statement) statement statement statement statement

snag::wait_group wg;
int seen = 0;

[[gnu::noinline]] void lend(volatile int* p) {
  wg.go([p] { seen = *p; });  // <- 2
}

int main() {
  volatile int x = 0;
  lend(&x);
  x = 1;                              // <- 1
  FOUR(FOUR(FOUR(FOUR(x = x + 1;))))  // <- 1
  FOUR(FOUR(FOUR(FOUR(x = x + 1;))))  // <- 1
  wg.wait();
  return seen == 7777;
}
