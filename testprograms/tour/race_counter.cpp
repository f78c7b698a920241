// SPDX-License-Identifier: Apache-2.0
// A thousand goroutines increment one counter without protection; the sum is whatever is left of it.
// Lesson: `++counter` is a read and a write; two goroutines can do both at once and one increment is lost.
// verdict: race 20/20
// race: counter
#include <snag/snag.h>

int main() {
  int counter = 0;
  snag::wait_group wg;
  for (int i = 0; i < 1000; ++i) {
    wg.go([&] {
      counter++;  // <- 1 2
    });
  }
  wg.wait();
  snag::println("Final counter value: {}", counter);
}
