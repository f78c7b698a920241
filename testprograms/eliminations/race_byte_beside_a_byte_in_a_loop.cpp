// SPDX-License-Identifier: Apache-2.0
// A byte on record does not answer for its neighbour: where the check stands in place.
// verdict: race 20/20
// race: bytes p
#include <snag/snag.h>

char bytes[4];

[[gnu::noinline]] void pause_here() { asm volatile(""); }
[[gnu::noinline]] void write(char* p, int times) {
  for (int i = 0; i < times; ++i) {
    *p = 7;  // <- 1
    pause_here();
  }
}

int main(int argc, char**) {
  snag::wait_group wg;
  int seen = 0;
  wg.go([&] {
    seen = bytes[1];  // <- 2
  });
  for (int i = 0; i < 2; ++i) write(bytes + i, argc);
  wg.wait();
  return seen == 8;
}
