// SPDX-License-Identifier: Apache-2.0
// A pool with static storage joins its threads in its destructor, after main.
// verdict: clean 20/20
#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include "ended.h"

struct pool {
  std::vector<std::thread> threads;
  ~pool() {
    for (std::thread& t : threads) t.join();
  }
};
pool the_pool;
std::atomic<int> worker;

int main() {
  the_pool.threads.emplace_back([] { worker = gettid(); });
  while (worker == 0) sched_yield();
  await_end(worker);
}
