// SPDX-License-Identifier: Apache-2.0
// A compare-exchange publishes with release and takes over with acquire.
// verdict: clean 20/20
#include <atomic>

#include <snag/snag.h>

int note = 0;
std::atomic<int> ticket = 0;

int main() {
  snag::wait_group wg;
  wg.go([] {
    note = 1;
    int expected = 0;
    ticket.compare_exchange_strong(expected, 1, std::memory_order_release, std::memory_order_relaxed);
  });
  int expected = 1;
  while (!ticket.compare_exchange_strong(expected, 2, std::memory_order_acquire, std::memory_order_relaxed)) {
    expected = 1;
    snag::yield();
  }
  int seen = note;
  wg.wait();
  return seen != 1;
}
