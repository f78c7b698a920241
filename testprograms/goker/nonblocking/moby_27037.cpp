// SPDX-License-Identifier: Apache-2.0
// Goroutines of a loop name their containers by the loop's counter, which goes on counting.
// shape: race
// race: i
#include <snag/snag.h>

int main() {
  snag::wait_group wg;
  for (int i = 0; i < 5; ++i) {  // <- 1
    wg.go([&] {
      snag::println("container {}", i);  // <- 2
    });
  }
  wg.wait();
}
