// SPDX-License-Identifier: Apache-2.0
// "With one processor nothing runs at the same time, so no lock is needed."
// Lesson: a switch can come between the read and the write; one processor does not order goroutines.
// verdict: race 20/20
// race: sum
#include <snag/snag.h>

int main() {
  snag::max_procs(1);
  int sum = 0;
  snag::wait_group wg;
  for (int i = 0; i < 2; ++i) {
    wg.go([&] {
      int read = sum;  // <- 1 2
      snag::yield();
      sum = read + 1;  // <- 1 2
    });
  }
  wg.wait();
  snag::println("sum {}", sum);
}
