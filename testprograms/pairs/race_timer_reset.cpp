// SPDX-License-Identifier: Apache-2.0
// The timer is armed first and the message written afterwards: firing carries only what came before arming.
// verdict: race 20/20
// race: message
#include <chrono>

#include <snag/snag.h>

using namespace std::chrono_literals;

int main() {
  int message = 0, seen = 0;
  snag::timer t(1h);
  snag::wait_group wg;
  wg.go([&] {
    t.c().recv();
    seen = message;  // <- 1
  });
  t.reset(2ms);
  message = 1;  // <- 2
  wg.wait();
  return seen == 7;
}
