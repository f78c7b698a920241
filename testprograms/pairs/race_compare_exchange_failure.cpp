// SPDX-License-Identifier: Apache-2.0
// A failed compare-exchange is a load with the failure order, and that order is relaxed here.
// verdict: race 20/20
// race: note
#include <atomic>

#include <snag/snag.h>

int note = 0;
std::atomic<int> owner = 0;

int main() {
  snag::wait_group wg;
  wg.go([] {
    note = 1;  // <- 1
    owner.store(1, std::memory_order_release);
  });
  int expected = 5;
  do {
    expected = 5;
    owner.compare_exchange_strong(expected, 9, std::memory_order_acq_rel, std::memory_order_relaxed);
    snag::yield();
  } while (expected != 1);
  int seen = note;  // <- 2
  wg.wait();
  return seen == 7;
}
