// SPDX-License-Identifier: Apache-2.0
// Hundreds of short threads; two generations share a slot without being joined in between.
// verdict: race 20/20
// race: slots
#include <thread>
#include <vector>

int main() {
  constexpr int generations = 40, width = 8;
  std::vector<int> slots(width);
  for (int g = 0; g < generations; ++g) {
    std::vector<std::jthread> alive;
    for (int i = 0; i < width; ++i) {
      if (g == generations - 1) alive.emplace_back([&slots, i] { slots[i]++; });  // <- 1 2
      alive.emplace_back([&slots, i] { slots[i]++; });                            // <- 1 2
    }
  }
  int sum = 0;
  for (int slot : slots) sum += slot;
  return sum == 7;
}
