// SPDX-License-Identifier: Apache-2.0
// A release store between two writes of the same block: the reader is ordered after the first alone.
// verdict: race 20/20
// race: x
#include <atomic>

#include <snag/snag.h>

int x = 0;
std::atomic<bool> ready = false;

[[gnu::noinline]] void write() {
  x = 1;
  ready.store(true, std::memory_order_release);
  x = 2;  // <- 1
}

int main() {
  snag::wait_group wg;
  int seen = 0;
  wg.go([&] {
    while (!ready.load(std::memory_order_acquire)) snag::yield();
    seen = x;  // <- 2
  });
  write();
  wg.wait();
  return seen == 7;
}
