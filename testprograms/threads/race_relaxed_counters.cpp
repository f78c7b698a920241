// SPDX-License-Identifier: Apache-2.0
// The count is atomic and complete, and still no reason to look at what was counted.
// verdict: race 20/20
// race: finished
#include <atomic>
#include <thread>

int main() {
  std::atomic<int> count = 0;
  int finished[2] = {};
  const auto work = [&](int me) {
    finished[me] = 1;  // <- 1
    count.fetch_add(1, std::memory_order_relaxed);
  };
  std::thread a(work, 0), b(work, 1);
  while (count.load(std::memory_order_relaxed) < 2) std::this_thread::yield();
  const int seen = finished[0] + finished[1];  // <- 2
  a.join();
  b.join();
  return seen != 2;
}
