// SPDX-License-Identifier: Apache-2.0
// Four bytes on record do not answer for eight.
// verdict: race 20/20
// race: halves whole value
#include <snag/snag.h>

union value {
  int halves[2];
  long whole;
};
value shared;

[[gnu::noinline]] void write_half(value* v) { v->halves[0] = 1; }
[[gnu::noinline]] void write_whole(value* v) { v->whole = 2; }  // <- 1

int main() {
  snag::wait_group wg;
  int seen = 0;
  wg.go([&] {
    seen = shared.halves[1];  // <- 2
  });
  write_half(&shared);
  write_whole(&shared);
  wg.wait();
  return seen == 7;
}
