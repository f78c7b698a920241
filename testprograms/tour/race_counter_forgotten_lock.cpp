// SPDX-License-Identifier: Apache-2.0
// The writers lock; whoever reports the progress does not.
// Lesson: a mutex protects only if every access takes it, reads too.
// verdict: race 20/20
// race: counter
#include <mutex>

#include <snag/snag.h>

int main() {
  int counter = 0;
  snag::mutex mu;
  snag::wait_group wg;
  for (int i = 0; i < 10; ++i) {
    wg.go([&] {
      std::lock_guard hold(mu);
      counter++;  // <- 1
    });
  }
  snag::println("so far: {}", counter);  // <- 2
  wg.wait();
}
