// SPDX-License-Identifier: Apache-2.0
// The writer waits at the barrier long before its partner arrives, and has written too late for this phase
// all the same.
// verdict: race 20/20
// race: draft
#include <atomic>
#include <barrier>
#include <cstdio>
#include <thread>
#include <utility>

int draft = 0;
std::atomic<bool> written{false};

int main() {
  std::barrier<> phase(2);
  std::thread writer([&] {
    auto arrival = phase.arrive();
    draft = 8;  // <- 1
    written.store(true, std::memory_order_relaxed);
    phase.wait(std::move(arrival));
  });
  while (!written.load(std::memory_order_relaxed)) std::this_thread::yield();
  for (int k = 0; k < 1000; k++) std::this_thread::yield();
  phase.arrive_and_wait();
  int seen = draft;  // <- 2
  writer.join();
  return seen > 8;
}
