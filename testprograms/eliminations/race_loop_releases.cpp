// SPDX-License-Identifier: Apache-2.0
// Each round of the loop ends with a release: one check of the invariant variable is not enough.
// verdict: race 20/20
// race: x
#include <snag/snag.h>

int x = 0;

[[gnu::noinline]] void write(snag::chan<int>& rounds) {
  for (int i = 0; i < 3; ++i) {
    x = i;  // <- 1
    rounds << i;
  }
}

int main() {
  snag::chan<int> rounds(3);
  snag::wait_group wg;
  int seen = 0;
  wg.go([&] {
    rounds.recv();
    seen = x;  // <- 2
  });
  write(rounds);
  wg.wait();
  return seen == 7;
}
