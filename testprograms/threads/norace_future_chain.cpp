// SPDX-License-Identifier: Apache-2.0
// Each stage waits for the one before it; the last one stands for all.
// verdict: clean 20/20
#include <future>

int stages[3];

int main() {
  std::shared_future<void> first = std::async(std::launch::async, [] { stages[0] = 1; });
  std::shared_future<void> second = std::async(std::launch::async, [=] {
    first.wait();
    stages[1] = stages[0] + 1;
  });
  std::shared_future<void> third = std::async(std::launch::async, [=] {
    second.wait();
    stages[2] = stages[1] + 1;
  });
  third.wait();
  int seen = stages[1];
  third.wait();
  return seen != 2 || stages[2] != 3;
}
