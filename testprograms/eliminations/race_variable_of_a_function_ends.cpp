// SPDX-License-Identifier: Apache-2.0
// The outermost variables of another function end with it.
// verdict: race 20/20
// race: x
#include <snag/snag.h>

snag::wait_group wg;
int seen = 0;

[[gnu::noinline]] void start() {
  int x = 1;
  wg.go([&] {
    seen = x;  // <- 2
  });
}  // <- 1

int main() {
  start();
  wg.wait();
  return seen == 7;
}
