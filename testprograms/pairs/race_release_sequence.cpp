// SPDX-License-Identifier: Apache-2.0
// A relaxed store of another goroutine ends the release sequence: its value no longer carries the release.
// verdict: race 20/20
// race: payload
#include <atomic>

#include <snag/snag.h>

int payload = 0;
std::atomic<int> stage = 0, gate = 0;

int main() {
  snag::wait_group wg;
  wg.go([] {
    payload = 42;  // <- 1
    stage.store(1, std::memory_order_release);
  });
  wg.go([] {
    while (stage.load(std::memory_order_relaxed) != 1) snag::yield();
    stage.store(2, std::memory_order_relaxed);
    gate.store(1, std::memory_order_relaxed);
  });
  while (gate.load(std::memory_order_relaxed) == 0) snag::yield();
  stage.load(std::memory_order_acquire);  // reads 2, and never the released 1
  int seen = payload;                     // <- 2
  wg.wait();
  return seen == 7;
}
