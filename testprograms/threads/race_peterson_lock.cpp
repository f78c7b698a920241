// SPDX-License-Identifier: Apache-2.0
// Two doors and a turn, all of them relaxed: no order, and perhaps not even exclusion.
// verdict: race 20/20
// race: tea
#include <atomic>
#include <thread>

std::atomic<bool> wants[2] = {false, false};
std::atomic<int> turn = 0;
constexpr auto order = std::memory_order_relaxed;
int tea = 0;

void drink(int me) {
  const int other = 1 - me;
  for (int i = 0; i < 5; ++i) {
    wants[me].store(true, order);
    turn.store(other, order);
    while (wants[other].load(order) && turn.load(order) == other) std::this_thread::yield();
    tea++;  // <- 1 2
    wants[me].store(false, order);
  }
}

int main() {
  std::thread a(drink, 0), b(drink, 1);
  a.join();
  b.join();
  return tea > 10;
}
