// SPDX-License-Identifier: Apache-2.0
// Two workers of a pool lock each other out; the others and main do not notice, and go on. It is reported at
// once, not at the end.
// verdict: leak 20/20
// shape: lock cycle
// stdout: the work went on
#include <array>
#include <atomic>
#include <cstdio>
#include <mutex>
#include <thread>
#include <vector>

#include "look.h"

std::mutex orders, stock;
std::array<std::atomic<long>, 2> done;
std::atomic<bool> stop{false};

void order_then_stock(meeting& both) {
  const std::lock_guard hold(orders);
  both.arrive();
  const std::lock_guard hold_too(stock);
}
void stock_then_order(meeting& both) {
  const std::lock_guard hold(stock);
  both.arrive();
  const std::lock_guard hold_too(orders);
}

int main() {
  static meeting both(2);
  std::vector<std::thread> working;
  for (auto& count : done)
    working.emplace_back([&count] {
      while (!stop) ++count;
    });
  std::thread([] { order_then_stock(both); }).detach();
  std::thread([] { stock_then_order(both); }).detach();
  while (snag::findings().empty()) sched_yield();
  const long before = done[0];
  while (done[0] == before) sched_yield();
  std::puts("the work went on");
  stop = true;
  for (std::thread& t : working) t.join();
}
