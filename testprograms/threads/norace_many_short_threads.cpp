// SPDX-License-Identifier: Apache-2.0
// Hundreds of short threads; each generation is joined before the next uses its slots.
// verdict: clean 20/20
#include <thread>
#include <vector>

int main() {
  constexpr int generations = 40, width = 8;
  std::vector<int> slots(width);
  for (int g = 0; g < generations; ++g) {
    std::vector<std::jthread> alive;
    for (int i = 0; i < width; ++i) {
      alive.emplace_back([&slots, i] { slots[i]++; });
    }
  }
  int sum = 0;
  for (int slot : slots) sum += slot;
  return sum != generations * width;
}
