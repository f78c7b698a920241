// SPDX-License-Identifier: Apache-2.0
// The pointer is exchanged with relaxed order: who gets it does not get what it points to.
// verdict: race 20/20
// race: value job
#include <atomic>

#include <snag/snag.h>

struct job {
  int value = 0;
};
std::atomic<job*> slot = nullptr;

int main() {
  job j;
  snag::wait_group wg;
  wg.go([&] {
    j.value = 1;  // <- 1
    slot.exchange(&j, std::memory_order_relaxed);
  });
  job* got = nullptr;
  while ((got = slot.exchange(nullptr, std::memory_order_acquire)) == nullptr) snag::yield();
  int seen = got->value;  // <- 2
  wg.wait();
  return seen == 7;
}
