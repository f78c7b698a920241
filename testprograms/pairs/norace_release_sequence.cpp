// SPDX-License-Identifier: Apache-2.0
// A relaxed read-modify-write continues the release sequence: whoever acquires it meets the first releaser.
// verdict: clean 20/20
#include <atomic>

#include <snag/snag.h>

int payload = 0;
std::atomic<int> stage = 0, gate = 0;

int main() {
  snag::wait_group wg;
  wg.go([] {
    payload = 42;
    stage.store(1, std::memory_order_release);
  });
  wg.go([] {
    while (stage.load(std::memory_order_relaxed) != 1) snag::yield();
    stage.fetch_add(1, std::memory_order_relaxed);
    gate.store(1, std::memory_order_relaxed);
  });
  while (gate.load(std::memory_order_relaxed) == 0) snag::yield();
  stage.load(std::memory_order_acquire);  // reads 2, and never the released 1
  int seen = payload;
  wg.wait();
  return seen != 42;
}
