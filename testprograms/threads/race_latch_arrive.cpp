// SPDX-License-Identifier: Apache-2.0
// Everybody counts down, and then reads the neighbour's part without waiting.
// verdict: race 20/20
// race: parts
#include <latch>
#include <thread>
#include <vector>

int parts[3], copies[3];

int main() {
  std::latch all_written(3);
  std::vector<std::jthread> threads;
  for (int i = 0; i < 3; ++i)
    threads.emplace_back([&, i] {
      parts[i] = i + 1;  // <- 1
      all_written.count_down();
      copies[i] = parts[(i + 1) % 3];  // <- 2
    });
  threads.clear();
  return copies[0] == 7;
}
