// SPDX-License-Identifier: Apache-2.0
// A byte on record does not answer for its neighbour.
// verdict: race 20/20
// race: bytes
#include <snag/snag.h>

char bytes[4];

[[gnu::noinline]] void write(char* p) { *p = 7; }  // <- 1

int main() {
  snag::wait_group wg;
  int seen = 0;
  wg.go([&] {
    seen = bytes[1];  // <- 2
  });
  for (int i = 0; i < 2; ++i) write(bytes + i);
  wg.wait();
  return seen == 8;
}
