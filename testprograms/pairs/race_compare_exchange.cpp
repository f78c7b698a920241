// SPDX-License-Identifier: Apache-2.0
// The compare-exchange that wins is relaxed: taking the ticket does not publish the note left before.
// verdict: race 20/20
// race: note
#include <atomic>

#include <snag/snag.h>

int note = 0;
std::atomic<int> ticket = 0;

int main() {
  snag::wait_group wg;
  wg.go([] {
    note = 1;  // <- 1
    int expected = 0;
    ticket.compare_exchange_strong(expected, 1, std::memory_order_relaxed);
  });
  int expected = 1;
  while (!ticket.compare_exchange_strong(expected, 2, std::memory_order_acquire)) {
    expected = 1;
    snag::yield();
  }
  int seen = note;  // <- 2
  wg.wait();
  return seen == 7;
}
