// SPDX-License-Identifier: Apache-2.0
// Two goroutines each count ticks of their own ticker into one variable.
// verdict: race 20/20
// race: ticks
#include <chrono>

#include <snag/snag.h>

using namespace std::chrono_literals;

int main() {
  int ticks = 0;
  snag::wait_group wg;
  for (int g = 0; g < 2; ++g) {
    wg.go([&] {
      snag::ticker t(1ms);
      for (int i = 0; i < 3; ++i) {
        t.c().recv();
        ++ticks;  // <- 1 2
      }
    });
  }
  wg.wait();
  return ticks == 70;
}
