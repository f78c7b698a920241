// SPDX-License-Identifier: Apache-2.0
// An object with a mutex of its own is published without an order. That its maker has locked it before does
// not help: the other thread looks at a mutex that may not be there yet.
// verdict: race 20/20
// race: mutex made
#include <atomic>
#include <mutex>
#include <thread>

struct account {
  std::mutex mutex;
  int balance = 0;
};

std::atomic<account*> published = nullptr;

int main() {
  std::thread maker([] {
    auto* const made = new account;  // <- 1
    {
      const std::lock_guard lock(made->mutex);
      made->balance = 1;
    }
    published.store(made, std::memory_order_relaxed);
  });
  account* seen = nullptr;
  while ((seen = published.load(std::memory_order_relaxed)) == nullptr) std::this_thread::yield();
  {
    const std::lock_guard lock(seen->mutex);  // <- 2
    if (seen->balance != 1) return 1;
  }
  maker.join();
  delete seen;
}
