// SPDX-License-Identifier: Apache-2.0
// Two fields of one object, written one after the other: only the second is read elsewhere.
// verdict: race 20/20
// race: second
#include <snag/snag.h>

struct pair {
  int first, second;
};
pair p;

[[gnu::noinline]] void write(int first, int second) {
  p.first = first;
  p.second = second;  // <- 1
}

int main() {
  snag::wait_group wg;
  int seen = 0;
  wg.go([&] {
    seen = p.second;  // <- 2
  });
  write(1, 2);
  wg.wait();
  return seen == 7;
}
