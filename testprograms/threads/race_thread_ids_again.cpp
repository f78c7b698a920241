// SPDX-License-Identifier: Apache-2.0
// Several threads make and join short ones all the time, and each reads the result before it has joined.
// verdict: race 20/20
// race: result
#include <thread>
#include <vector>

int work() {
  int sum = 0;
  for (int i = 0; i < 300; ++i) {
    int result = 0;
    std::thread helper([&result, i] { result = i; });  // <- 1
    sum += result;                                     // <- 2
    helper.join();
  }
  return sum;
}

int main() {
  std::vector<std::thread> workers;
  for (int i = 0; i < 8; ++i) workers.emplace_back(work);
  for (std::thread& worker : workers) worker.join();
}
