// SPDX-License-Identifier: Apache-2.0
// Nobody knows the variable when it is initialised; but who learns of it later is not ordered after that.
// verdict: race 20/20
// race: x
#include <atomic>

#include <snag/snag.h>

std::atomic<const int*> shown = nullptr;

int main() {
  snag::wait_group wg;
  int seen = 0;
  wg.go([&] {
    const int* p = nullptr;
    while ((p = shown.load(std::memory_order_relaxed)) == nullptr) snag::yield();
    seen = *p;  // <- 2
  });
  int x = 5;  // <- 1
  shown.store(&x, std::memory_order_relaxed);
  wg.wait();
  return seen == 7;
}
