// SPDX-License-Identifier: Apache-2.0
// A relaxed read-modify-write continues the release sequence: whoever acquires it meets the first releaser.
// verdict: clean 20/20
#include <atomic>

#include <snag/snag.h>

int payload = 0;
std::atomic<int> stage = 0;

int main() {
  snag::wait_group wg;
  wg.go([] {
    payload = 42;
    stage.store(1, std::memory_order_release);
  });
  wg.go([] {
    while (stage.load(std::memory_order_relaxed) != 1) snag::yield();
    stage.fetch_add(1, std::memory_order_relaxed);
  });
  while (stage.load(std::memory_order_acquire) != 2) snag::yield();
  int seen = payload;
  wg.wait();
  return seen != 42;
}
