// SPDX-License-Identifier: Apache-2.0
// One result for each thread, and the sum is taken when all were joined.
// verdict: clean 20/20
#include <thread>
#include <vector>

int main() {
  constexpr int count = 4;
  std::vector<int> results(count);
  std::vector<std::thread> threads;
  for (int i = 0; i < count; ++i) threads.emplace_back([&results, i] { results[i] = i * i; });
  for (std::thread& t : threads) t.join();
  int sum = 0;
  for (int result : results) sum += result;
  return sum != 14;
}
