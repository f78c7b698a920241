// SPDX-License-Identifier: Apache-2.0
// Exchanged with release and acquire, the pointer brings its object along.
// verdict: clean 20/20
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
    j.value = 1;
    slot.exchange(&j, std::memory_order_release);
  });
  job* got = nullptr;
  while ((got = slot.exchange(nullptr, std::memory_order_acquire)) == nullptr) snag::yield();
  int seen = got->value;
  wg.wait();
  return seen != 1;
}
