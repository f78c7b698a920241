// SPDX-License-Identifier: Apache-2.0
// A pointer that was passed is not the function's own memory; a copy of an object that was passed is.
// verdict: race 20/20
// race: x p
#include <snag/snag.h>

int x = 0;

[[gnu::noinline]] void write(int* p) { *p = 1; }  // <- 1

int main() {
  snag::wait_group wg;
  int seen = 0;
  wg.go([&] {
    seen = x;  // <- 2
  });
  write(&x);
  wg.wait();
  return seen == 7;
}
