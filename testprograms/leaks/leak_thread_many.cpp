// SPDX-License-Identifier: Apache-2.0
// Threads whose std::thread is lost: eight from one place are one finding.
// verdict: leak 20/20
// shape: thread not joined
#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include "ended.h"

std::atomic<int> workers[8];

int main() {
  for (auto& worker : workers) new std::thread([&worker] { worker = gettid(); });
  for (auto& worker : workers) {
    while (worker == 0) sched_yield();
    await_end(worker);
  }
}
