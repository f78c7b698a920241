// SPDX-License-Identifier: Apache-2.0
// Detached threads that get each other's stacks and thread_locals: memory used again is no race.
// verdict: clean 20/20
#include <atomic>
#include <thread>

std::atomic<int> ended = 0;
std::atomic<int> shared_count = 0;
thread_local int history[64];

void fill(int* numbers) {
  for (int i = 0; i < 64; ++i) numbers[i] = history[i] = i;
}

int main() {
  constexpr int threads = 20;
  for (int i = 0; i < threads; ++i) {
    std::thread([] {
      int numbers[64];
      fill(numbers);
      shared_count += numbers[1];
      ended.fetch_add(1, std::memory_order_relaxed);
    }).detach();
    while (ended.load(std::memory_order_relaxed) <= i) std::this_thread::yield();
  }
  return ended != threads || shared_count != threads;
}
