// SPDX-License-Identifier: Apache-2.0
// The flag is atomic; relaxed is enough for a request to stop that carries no data.
// verdict: clean 20/20
#include <atomic>

#include <snag/snag.h>

std::atomic<bool> stop = false;

int main() {
  snag::wait_group wg;
  wg.go([] {
    while (!stop.load(std::memory_order_relaxed)) snag::yield();
  });
  stop.store(true, std::memory_order_relaxed);
  wg.wait();
  return 0;
}
