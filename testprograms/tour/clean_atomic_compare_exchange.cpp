// SPDX-License-Identifier: Apache-2.0
// Compare-and-swap: the largest value seen so far, raised without a lock.
// Lesson: read, compute, and swap only if nobody was faster; otherwise try again.
// verdict: clean 20/20
// stdout: ^largest: 999\n$
#include <atomic>

#include <snag/snag.h>

int main() {
  std::atomic<int> largest = 0;
  snag::wait_group wg;
  for (int i = 1; i <= 100; ++i) {
    wg.go([&, value = i * 37 % 1009] {
      int seen = largest.load();
      while (seen < value && !largest.compare_exchange_weak(seen, value)) {
      }
    });
  }
  wg.wait();
  snag::println("largest: {}", largest.load());
}
