// SPDX-License-Identifier: Apache-2.0
// Dining philosophers who count their meals without a fork in hand.
// verdict: race 20/20
// race: meals
#include <algorithm>
#include <array>
#include <mutex>
#include <thread>
#include <vector>

constexpr int seats = 3;
std::array<std::mutex, seats> forks;
std::mutex table;
int meals = 0;

void dine(int seat) {
  std::mutex& left = forks[seat];
  std::mutex& right = forks[(seat + 1) % seats];
  for (int i = 0; i < 3; ++i) {
    std::scoped_lock both(left, right);
  }
  meals += 3;  // <- 1 2
}

int main() {
  std::vector<std::thread> philosophers;
  for (int seat = 0; seat < seats; ++seat) philosophers.emplace_back(dine, seat);
  for (std::thread& p : philosophers) p.join();
  return meals > 3 * seats;
}
