// SPDX-License-Identifier: Apache-2.0
// One mutex for both, beside their own.
// verdict: clean 20/20
#include <atomic>
#include <memory>
#include <mutex>
#include <thread>

struct account {
  std::mutex guard;
  char history[8192];
};

std::mutex total_guard;
int total = 0;
std::atomic<bool> is_done = false;

void work() {
  const auto mine = std::make_unique<account>();
  const std::scoped_lock lock(mine->guard, total_guard);
  ++total;
}

int main() {
  std::thread first([] {
    work();
    is_done.store(true, std::memory_order_relaxed);
  });
  while (!is_done.load(std::memory_order_relaxed)) std::this_thread::yield();
  std::thread second(work);
  first.join();
  second.join();
}
