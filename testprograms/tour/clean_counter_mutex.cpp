// SPDX-License-Identifier: Apache-2.0
// The racy counter, cured with a mutex.
// Lesson: lock around every access; std::lock_guard unlocks however the block is left.
// verdict: clean 20/20
// stdout: ^Final counter value: 1000\n$
#include <mutex>

#include <snag/snag.h>

int main() {
  int counter = 0;
  snag::mutex mu;
  snag::wait_group wg;
  for (int i = 0; i < 1000; ++i) {
    wg.go([&] {
      std::lock_guard hold(mu);
      counter++;
    });
  }
  wg.wait();
  snag::println("Final counter value: {}", counter);
}
