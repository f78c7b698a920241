// SPDX-License-Identifier: Apache-2.0
// Release store, acquire load that reads its value: the payload is ordered.
// verdict: clean 20/20
#include <atomic>

#include <snag/snag.h>

int payload = 0;
std::atomic<bool> ready = false;

int main() {
  snag::wait_group wg;
  wg.go([] {
    payload = 42;
    ready.store(true, std::memory_order_release);
  });
  while (!ready.load(std::memory_order_acquire)) snag::yield();
  int seen = payload;
  wg.wait();
  return seen != 42;
}
