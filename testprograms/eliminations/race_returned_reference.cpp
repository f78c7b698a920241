// SPDX-License-Identifier: Apache-2.0
// errno travels with the goroutine; what other functions return may be anybody's.
// verdict: race 20/20
// race: x counter
#include <snag/snag.h>

int x = 0;

[[gnu::noinline]] int& counter() { return x; }

int main() {
  snag::wait_group wg;
  int seen = 0;
  wg.go([&] {
    seen = x;  // <- 2
  });
  counter() = 1;  // <- 1
  wg.wait();
  return seen == 7;
}
