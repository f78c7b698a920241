// SPDX-License-Identifier: Apache-2.0
// One of the two is a local variable that nobody knows; it is the other that is written.
// verdict: race 20/20
// race: shared
#include <snag/snag.h>

int shared = 0;

[[gnu::noinline]] int write(bool own) {
  int local = 0;
  *(own ? &local : &shared) = 1;  // <- 1
  return local;
}

int main(int argc, char**) {
  snag::wait_group wg;
  int seen = 0;
  wg.go([&] {
    seen = shared;  // <- 2
  });
  int local = write(argc == 7);
  wg.wait();
  return seen + local == 7;
}
