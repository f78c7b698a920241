// SPDX-License-Identifier: Apache-2.0
// A read, and then a write of other bytes of the same object, which does not stand for it.
// verdict: race 20/20
// race: first
#include <snag/snag.h>

struct pair {
  int first, second;
};
pair p;

[[gnu::noinline]] int read_and_write() {
  int seen = p.first;  // <- 1
  p.second = 2;
  return seen;
}

int main() {
  snag::wait_group wg;
  wg.go([&] {
    p.first = 5;  // <- 2
  });
  int seen = read_and_write();
  wg.wait();
  return seen == 7;
}
