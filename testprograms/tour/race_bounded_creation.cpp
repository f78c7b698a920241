// SPDX-License-Identifier: Apache-2.0
// A semaphore of ten tokens is taken for a lock around the statistics.
// Lesson: limiting to ten is not limiting to one.
// verdict: race 20/20
// race: handled
#include <snag/snag.h>

int main() {
  int handled = 0;
  snag::chan<void> tokens(10);
  snag::wait_group wg;
  for (int i = 0; i < 5; ++i) {
    tokens.send();
    wg.go([&] {
      ++handled;  // <- 1 2
      tokens.recv();
    });
  }
  wg.wait();
  snag::println("handled {}", handled);
}
