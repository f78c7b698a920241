// SPDX-License-Identifier: Apache-2.0
// Double-checked locking by relaxed accesses, and one fence of the two is missing.
// verdict: race 20/20
// race: rows made
#include <atomic>
#include <mutex>
#include <thread>

struct index_of_rows {
  int rows = 0;
};
std::atomic<index_of_rows*> made = nullptr;
std::mutex m;

index_of_rows* get() {
  index_of_rows* i = made.load(std::memory_order_relaxed);
  std::atomic_signal_fence(std::memory_order_acquire);
  if (i != nullptr) return i;
  std::lock_guard hold(m);
  i = made.load(std::memory_order_relaxed);
  if (i != nullptr) return i;
  i = new index_of_rows;  // <- 1
  i->rows = 9;            // <- 1
  std::atomic_thread_fence(std::memory_order_release);
  made.store(i, std::memory_order_relaxed);
  return i;
}

int main() {
  std::thread first([] { get(); });
  while (made.load(std::memory_order_relaxed) == nullptr) std::this_thread::yield();
  int seen = get()->rows;  // <- 2
  first.join();
  return seen != 9;
}
