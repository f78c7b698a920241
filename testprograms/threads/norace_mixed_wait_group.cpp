// SPDX-License-Identifier: Apache-2.0
// Threads count down a wait_group when their part is written.
// verdict: clean 20/20
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
      parts[i] = i + 1;
      all.done();
    });
  }
  all.wait();
  int sum = 0;
  for (int part : parts) sum += part;
  return sum != 6;
}
