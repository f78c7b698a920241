// SPDX-License-Identifier: Apache-2.0
// What joins by itself: a jthread, an async task, a pool that goes with its owner.
// verdict: clean 20/20
#include <atomic>
#include <future>
#include <memory>
#include <thread>
#include <vector>

#include "ended.h"

struct pool {
  std::vector<std::jthread> threads;
};

int main() {
  std::jthread one([] {});
  auto answer = std::async(std::launch::async, [] { return 42; });
  pool p;
  for (int i = 0; i < 4; ++i) p.threads.emplace_back([] {});
  return answer.get() != 42;
}
