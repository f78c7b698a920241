// SPDX-License-Identifier: Apache-2.0
// A detached thread hands its result over with its last word.
// verdict: clean 20/20
#include <atomic>
#include <thread>

int state = 0;
std::atomic<int> steps = 0;

int main() {
  std::thread([] {
    state = 1;
    steps.store(2, std::memory_order_release);
  }).detach();
  while (steps.load(std::memory_order_acquire) != 2) std::this_thread::yield();
  return state != 1;
}
