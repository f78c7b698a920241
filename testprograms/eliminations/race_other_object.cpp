// SPDX-License-Identifier: Apache-2.0
// The same field of two objects: a check of one says nothing about the other.
// verdict: race 20/20
// race: b
#include <snag/snag.h>

int a = 0, b = 0;

[[gnu::noinline]] void write(int* p, int* q) {
  *p = 1;
  *q = 2;  // <- 1
}

int main() {
  snag::wait_group wg;
  int seen = 0;
  wg.go([&] {
    seen = b;  // <- 2
  });
  write(&a, &b);
  wg.wait();
  return seen == 7;
}
