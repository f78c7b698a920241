// SPDX-License-Identifier: Apache-2.0
// The release fence stands after the relaxed store it was meant to strengthen.
// verdict: race 20/20
// race: payload
#include <atomic>

#include <snag/snag.h>

int payload = 0;
std::atomic<int> ready = 0;

int main() {
  snag::wait_group wg;
  wg.go([] {
    payload = 42;  // <- 1
    ready.store(1, std::memory_order_relaxed);
    std::atomic_thread_fence(std::memory_order_release);
  });
  while (ready.load(std::memory_order_relaxed) == 0) snag::yield();
  std::atomic_thread_fence(std::memory_order_acquire);
  int seen = payload;  // <- 2
  wg.wait();
  return seen == 7;
}
