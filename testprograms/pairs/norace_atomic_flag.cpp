// SPDX-License-Identifier: Apache-2.0
// test_and_set with acquire, clear with release: a lock.
// verdict: clean 20/20
#include <atomic>

#include <snag/snag.h>

int x = 0;
std::atomic_flag busy;

void add() {
  while (busy.test_and_set(std::memory_order_acquire)) snag::yield();
  ++x;
  busy.clear(std::memory_order_release);
}

int main() {
  snag::wait_group wg;
  wg.go(add);
  wg.go(add);
  wg.go(add);
  wg.wait();
  return x != 3;
}
