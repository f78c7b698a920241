// SPDX-License-Identifier: Apache-2.0
// One result for each thread, and the sum is taken before the last one was joined.
// verdict: race 20/20
// race: results
#include <thread>
#include <vector>

int main() {
  constexpr int count = 4;
  std::vector<int> results(count);
  std::vector<std::thread> threads;
  for (int i = 0; i < count; ++i) threads.emplace_back([&results, i] { results[i] = i * i; });  // <- 1
  for (int i = 0; i < count - 1; ++i) threads[i].join();
  int sum = 0;
  for (int result : results) sum += result;  // <- 2
  threads.back().join();
  return sum > 14;
}
