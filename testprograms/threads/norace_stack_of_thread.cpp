// SPDX-License-Identifier: Apache-2.0
// A thread shows another one its local variable, and waits until that has counted in it.
// verdict: clean 20/20
#include <atomic>
#include <thread>

std::atomic<int*> shown = nullptr;
std::atomic<bool> counted = false;

int main() {
  int seen = 0;
  std::thread owner([&seen] {
    int attempts = 0;
    shown.store(&attempts, std::memory_order_release);
    while (!counted.load(std::memory_order_acquire)) std::this_thread::yield();
    seen = ++attempts;
  });
  int* attempts;
  while ((attempts = shown.load(std::memory_order_acquire)) == nullptr) std::this_thread::yield();
  (*attempts)++;
  counted.store(true, std::memory_order_release);
  owner.join();
  return seen != 2;
}
