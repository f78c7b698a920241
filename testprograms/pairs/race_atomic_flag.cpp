// SPDX-License-Identifier: Apache-2.0
// A spin lock whose unlock is relaxed lets the next owner in without what the last one wrote.
// verdict: race 20/20
// race: x
#include <atomic>

#include <snag/snag.h>

int x = 0;
std::atomic_flag busy;

void add() {
  while (busy.test_and_set(std::memory_order_acquire)) snag::yield();
  ++x;  // <- 1 2
  busy.clear(std::memory_order_relaxed);
}

int main() {
  snag::wait_group wg;
  wg.go(add);
  wg.go(add);
  wg.wait();
  return x == 7;
}
