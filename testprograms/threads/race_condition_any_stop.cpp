// SPDX-License-Identifier: Apache-2.0
// A stoppable wait: the shop is stocked without its lock.
// verdict: race 20/20
// race: waiting
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <shared_mutex>
#include <thread>

struct shop {
  std::shared_mutex door;
  std::condition_variable_any stocked;
  int waiting = 0;
};

int main() {
  shop s;
  std::atomic<bool> looked = false;
  int sold = 0;
  const auto something_waits = [&] {
    looked.store(true, std::memory_order_relaxed);
    return s.waiting > 0;  // <- 1
  };
  std::jthread customer([&](std::stop_token stop) {
    std::unique_lock inside(s.door);
    while (s.stocked.wait(inside, stop, something_waits)) {
      s.waiting--;  // <- 1
      sold++;
    }
  });
  while (!looked.load(std::memory_order_relaxed)) std::this_thread::yield();
  for (int i = 0; i < 3; ++i) {
    {
      s.waiting++;  // <- 2
    }
    s.stocked.notify_one();
  }
  customer.request_stop();
  customer.join();
  return sold > 3;
}
