// SPDX-License-Identifier: Apache-2.0
// The first write is on a path that is not taken: its check stands for nothing.
// verdict: race 20/20
// race: x
#include <snag/snag.h>

volatile int x = 0;

[[gnu::noinline]] void write(bool twice) {
  if (twice) x = 1;
  x = 2;  // <- 1
}

int main(int argc, char**) {
  snag::wait_group wg;
  int seen = 0;
  wg.go([&] {
    seen = x;  // <- 2
  });
  write(argc == 7);
  wg.wait();
  return seen == 7;
}
