// SPDX-License-Identifier: Apache-2.0
// A spin lock whose unlock is relaxed: it excludes, and orders nothing.
// verdict: race 20/20
// race: value
#include <atomic>
#include <mutex>
#include <thread>

class spin_lock {
 public:
  void lock() {
    while (flag_.test_and_set(std::memory_order_acquire)) std::this_thread::yield();
  }
  void unlock() { flag_.clear(std::memory_order_relaxed); }

 private:
  std::atomic_flag flag_;
};

spin_lock m;
int value = 0;

void raise() {
  for (int i = 0; i < 10; ++i) {
    std::lock_guard hold(m);
    value++;  // <- 1 2
  }
}

int main() {
  std::thread a(raise), b(raise);
  a.join();
  b.join();
  return value > 20;
}
