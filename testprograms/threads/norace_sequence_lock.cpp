// SPDX-License-Identifier: Apache-2.0
// A sequence lock around an atomic variable: readers never wait, and throw away what they saw during a write.
// verdict: clean 20/20
#include <atomic>
#include <thread>

std::atomic<unsigned> version = 0;
std::atomic<int> celsius = 20;
std::atomic<bool> was_read = false;

void set(int value) {
  const unsigned v = version.load(std::memory_order_relaxed);
  version.store(v + 1, std::memory_order_relaxed);
  std::atomic_thread_fence(std::memory_order_release);
  celsius.store(value, std::memory_order_relaxed);
  version.store(v + 2, std::memory_order_release);
}

int get() {
  for (;;) {
    const unsigned before = version.load(std::memory_order_acquire);
    const int value = celsius.load(std::memory_order_relaxed);
    std::atomic_thread_fence(std::memory_order_acquire);
    if (before % 2 == 0 && version.load(std::memory_order_relaxed) == before) return value;
  }
}

int main() {
  int seen = 0;
  std::thread reader([&] {
    seen = get();
    was_read.store(true, std::memory_order_relaxed);
  });
  set(21);
  while (!was_read.load(std::memory_order_relaxed)) std::this_thread::yield();
  set(22);
  reader.join();
  return seen != 20 && seen != 21;
}
