// SPDX-License-Identifier: Apache-2.0
// Two stages pass one buffer on by pointer, and the first one refills it while the second one reads it.
// Lesson: pass values, or a fresh buffer each time.
// verdict: race 20/20
// race: buffer cell
#include <snag/snag.h>

int main() {
  int buffer[4] = {};
  long sum = 0;
  snag::chan<int*> filled;
  snag::wait_group wg;
  wg.go([&] {
    for (int round = 1; round <= 2; ++round) {
      for (int& cell : buffer) cell = round;  // <- 1
      filled << buffer;
    }
    filled.close();
  });
  wg.go([&] {
    for (int* b : filled) sum += b[0] + b[3];  // <- 2
  });
  wg.wait();
  snag::println("sum {}", sum);
}
