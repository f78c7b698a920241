// SPDX-License-Identifier: Apache-2.0
// Relaxed while waiting, acquire fence once the flag is seen: ordered.
// verdict: clean 20/20
#include <atomic>

#include <snag/snag.h>

int payload = 0;
std::atomic<int> ready = 0;

int main() {
  snag::wait_group wg;
  wg.go([] {
    payload = 42;
    ready.store(1, std::memory_order_release);
  });
  while (ready.load(std::memory_order_relaxed) == 0) snag::yield();
  std::atomic_thread_fence(std::memory_order_acquire);
  int seen = payload;
  wg.wait();
  return seen != 42;
}
