// SPDX-License-Identifier: Apache-2.0
// Whoever resets the timer publishes through it to the receiver of its tick.
// verdict: clean 20/20
#include <chrono>

#include <snag/snag.h>

using namespace std::chrono_literals;

int main() {
  int message = 0, seen = 0;
  snag::timer t(1h);
  snag::wait_group wg;
  wg.go([&] {
    t.c().recv();
    seen = message;
  });
  message = 1;
  t.reset(2ms);
  wg.wait();
  return seen != 1;
}
