// SPDX-License-Identifier: Apache-2.0
// Each element is written and then told of: what is told of the first says nothing of the second.
// verdict: race 20/20
// race: values
#include <snag/snag.h>

int values[16];

[[gnu::noinline]] void tell(snag::chan<int>& rounds, int i) noexcept { rounds << i; }

[[gnu::noinline]] void fill(int* v, int n, snag::chan<int>& rounds) {
  for (int i = 0; i < n; ++i) {
    v[i] = i;  // <- 1
    tell(rounds, i);
  }
}

int main() {
  snag::chan<int> rounds(16);
  snag::wait_group wg;
  int seen = 0;
  wg.go([&] {
    rounds.recv();
    seen = values[1];  // <- 2
  });
  fill(values, 16, rounds);
  wg.wait();
  return seen == 7;
}
