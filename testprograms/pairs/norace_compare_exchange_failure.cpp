// SPDX-License-Identifier: Apache-2.0
// The failed compare-exchange read the released value with acquire.
// verdict: clean 20/20
#include <atomic>

#include <snag/snag.h>

int note = 0;
std::atomic<int> owner = 0;

int main() {
  snag::wait_group wg;
  wg.go([] {
    note = 1;
    owner.store(1, std::memory_order_release);
  });
  int expected = 5;
  do {
    expected = 5;
    owner.compare_exchange_strong(expected, 9, std::memory_order_acq_rel, std::memory_order_acquire);
    snag::yield();
  } while (expected != 1);
  int seen = note;
  wg.wait();
  return seen != 1;
}
