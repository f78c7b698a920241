// SPDX-License-Identifier: Apache-2.0
// Game of life in two grids with a barrier between generations: reading from one, writing into the other.
// verdict: clean 20/20
#include <barrier>
#include <thread>
#include <utility>

constexpr int size = 8, generations = 3;
int cells[2][size] = {{0, 1, 0, 1, 1, 0, 1, 0}, {}};

void live(std::barrier<>& generation, int first, int last) {
  for (int g = 0; g < generations; ++g) {
    const int(&from)[size] = cells[g % 2];
    int(&to)[size] = cells[(g + 1) % 2];
    for (int i = first; i < last; ++i) to[i] = from[(i + size - 1) % size] ^ from[(i + 1) % size];
    generation.arrive_and_wait();
  }
}

int main() {
  std::barrier generation(2);
  std::thread left([&] { live(generation, 0, size / 2); });
  live(generation, size / 2, size);
  left.join();
  return cells[0][0] > 1;
}
