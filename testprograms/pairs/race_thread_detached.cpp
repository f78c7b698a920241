// SPDX-License-Identifier: Apache-2.0
// A detached thread says with a relaxed store that it has finished: its result is not part of the message.
// verdict: race 20/20
// race: state
#include <atomic>
#include <thread>

int state = 0;
std::atomic<int> steps = 0;

int main() {
  std::thread([] {
    state = 1;  // <- 1
    steps.store(2, std::memory_order_relaxed);
  }).detach();
  while (steps.load(std::memory_order_relaxed) != 2) std::this_thread::yield();
  int seen = state;  // <- 2
  return seen == 7;
}
