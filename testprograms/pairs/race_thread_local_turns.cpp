// SPDX-License-Identifier: Apache-2.0
// Taking turns with a thread_local orders what is in it, and nothing beside it.
// verdict: race 20/20
// race: total
#include <random>

#include <snag/snag.h>

thread_local std::mt19937 generator(42);

int roll() { return std::uniform_int_distribution<int>(1, 6)(generator); }

int main() {
  int total = 0;
  snag::wait_group wg;
  for (int player = 0; player < 4; ++player)
    wg.go([&] {
      const int points = roll();
      total += points;  // <- 1 2
    });
  wg.wait();
  return total < 4;
}
