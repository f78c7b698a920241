// SPDX-License-Identifier: Apache-2.0
// Four bytes on record do not answer for eight: where the check stands in place.
// verdict: race 20/20
// race: halves whole value
#include <snag/snag.h>

union value {
  int halves[2];
  long whole;
};
value shared;

[[gnu::noinline]] void pause_here() { asm volatile(""); }
[[gnu::noinline]] void write_half(value* v, int times) {
  for (int i = 0; i < times; ++i) {
    v->halves[0] = i;
    pause_here();
  }
}
[[gnu::noinline]] void write_whole(value* v, int times) {
  for (int i = 0; i < times; ++i) {
    v->whole = i;  // <- 1
    pause_here();
  }
}

int main(int argc, char**) {
  snag::wait_group wg;
  int seen = 0;
  wg.go([&] {
    seen = shared.halves[1];  // <- 2
  });
  write_half(&shared, argc);
  write_whole(&shared, argc);
  wg.wait();
  return seen == 7;
}
