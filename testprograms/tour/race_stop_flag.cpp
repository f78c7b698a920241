// SPDX-License-Identifier: Apache-2.0
// The worker is told to stop by a plain bool instead.
// Lesson: a flag is communication; it has to be a channel, a context or an atomic.
// verdict: race 20/20
// race: stop
#include <chrono>

#include <snag/snag.h>

using namespace std::chrono_literals;

int main() {
  bool stop = false;
  int rounds = 0;
  snag::wait_group wg;
  wg.go([&] {
    while (!stop && rounds < 100) {  // <- 1
      ++rounds;
      snag::sleep_for(1ms);
    }
  });
  snag::sleep_for(5ms);
  stop = true;  // <- 2
  wg.wait();
  snag::println("stopped after some rounds");
}
