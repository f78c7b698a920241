// SPDX-License-Identifier: Apache-2.0
// An object with a mutex of its own is published by a release.
// verdict: clean 20/20
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
    auto* const made = new account;
    {
      const std::lock_guard lock(made->mutex);
      made->balance = 1;
    }
    published.store(made, std::memory_order_release);
  });
  account* seen = nullptr;
  while ((seen = published.load(std::memory_order_acquire)) == nullptr) std::this_thread::yield();
  {
    const std::lock_guard lock(seen->mutex);
    if (seen->balance != 1) return 1;
  }
  maker.join();
  delete seen;
}
