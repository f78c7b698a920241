// SPDX-License-Identifier: Apache-2.0
// Threads count down a wait_group, one of them too early.
// verdict: race 20/20
// race: parts
#include <thread>
#include <vector>

#include <snag/snag.h>

int main() {
  int parts[3] = {};
  snag::wait_group all;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 3; ++i) {
    all.add(1);
    threads.emplace_back([&parts, i, all]() mutable {
      all.done();
      parts[i] = i + 1;  // <- 1
    });
  }
  all.wait();
  int sum = 0;
  for (int part : parts) sum += part;  // <- 2
  threads.clear();
  return sum > 6;
}
