// SPDX-License-Identifier: Apache-2.0
// Each round's variable ends with the round, while the goroutine that refers to it may run later.
// verdict: race 20/20
// race: square
// hint: outlived-by-goroutine
#include <snag/snag.h>

#include <atomic>

int main() {
  std::atomic<int> sum = 0;
  snag::wait_group wg;
  for (int i = 1; i <= 3; ++i) {
    int square = i * i;             // <- 1
    wg.go([&] { sum += square; });  // <- 2
  }  // <- 1
  wg.wait();
}
