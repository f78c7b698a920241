// SPDX-License-Identifier: Apache-2.0
// A relaxed store publishes the flag and nothing else.
// verdict: race 20/20
// race: payload
#include <atomic>

#include <snag/snag.h>

int payload = 0;
std::atomic<bool> ready = false;

int main() {
  snag::wait_group wg;
  wg.go([] {
    payload = 42;  // <- 1
    ready.store(true, std::memory_order_relaxed);
  });
  while (!ready.load(std::memory_order_acquire)) snag::yield();
  int seen = payload;  // <- 2
  wg.wait();
  return seen == 7;
}
