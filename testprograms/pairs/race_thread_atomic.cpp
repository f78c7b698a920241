// SPDX-License-Identifier: Apache-2.0
// Threads that publish through a relaxed atomic.
// verdict: race 20/20
// race: data
#include <atomic>
#include <thread>

int data = 0;
std::atomic<int> flag = 0;

int main() {
  std::thread t([] {
    data = 1;  // <- 1
    flag.store(1, std::memory_order_relaxed);
  });
  while (flag.load(std::memory_order_relaxed) == 0) std::this_thread::yield();
  int seen = data;  // <- 2
  t.join();
  return seen == 7;
}
