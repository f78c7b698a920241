// SPDX-License-Identifier: Apache-2.0
// A new mutex where an old one was destroyed is another mutex: what was released to the old one orders
// nothing.
// verdict: race 20/20
// race: total
#include <atomic>
#include <memory>
#include <mutex>
#include <thread>

struct account {
  std::mutex guard;
  char history[8192];  // large, so that its memory is used again at once
};

int total = 0;
std::atomic<bool> is_done = false;

void work() {
  const auto mine = std::make_unique<account>();
  const std::lock_guard lock(mine->guard);
  ++total;  // <- 1 2
}

int main() {
  std::thread first([] {
    work();
    is_done.store(true, std::memory_order_relaxed);  // orders nothing
  });
  while (!is_done.load(std::memory_order_relaxed)) std::this_thread::yield();
  std::thread second(work);
  first.join();
  second.join();
}
