// SPDX-License-Identifier: Apache-2.0
// The check of a read does not stand for a write, which races with readers, too.
// verdict: race 20/20
// race: x
#include <snag/snag.h>

volatile int x = 0;

[[gnu::noinline]] int read_and_write() {
  int seen = x;
  x = 2;  // <- 1
  return seen;
}

int main() {
  snag::wait_group wg;
  int seen = 0;
  wg.go([&] {
    seen = x;  // <- 2
  });
  int before = read_and_write();
  wg.wait();
  return seen + before == 7;
}
