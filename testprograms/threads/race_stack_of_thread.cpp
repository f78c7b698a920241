// SPDX-License-Identifier: Apache-2.0
// A thread shows another one its local variable, and both count in it. Its end is one more race.
// verdict: race 20/20
// race: attempts
#include <atomic>
#include <thread>

std::atomic<int*> shown = nullptr;
std::atomic<bool> counted = false;

int main() {
  int seen = 0;
  std::thread owner([&seen] {
    int attempts = 0;
    shown.store(&attempts, std::memory_order_release);
    attempts++;  // <- 1
    while (!counted.load(std::memory_order_relaxed)) std::this_thread::yield();
  });  // <- 1
  int* attempts;
  while ((attempts = shown.load(std::memory_order_acquire)) == nullptr) std::this_thread::yield();
  (*attempts)++;  // <- 2
  counted.store(true, std::memory_order_release);
  owner.join();
  return seen;
}
