// SPDX-License-Identifier: Apache-2.0
// A limiter that keeps its tokens in a plain number, refilled by one goroutine and spent by another.
// Lesson: "check, then take" on a shared number needs a lock or a channel.
// verdict: race 20/20
// race: tokens
#include <chrono>

#include <snag/snag.h>

using namespace std::chrono_literals;

int main() {
  int tokens = 1;
  snag::wait_group wg;
  wg.go([&] {
    for (int i = 0; i < 3; ++i) {
      snag::sleep_for(1ms);
      ++tokens;  // <- 1
    }
  });
  wg.go([&] {
    for (int i = 0; i < 3; ++i) {
      if (tokens > 0) --tokens;  // <- 2
      snag::sleep_for(1ms);
    }
  });
  wg.wait();
  snag::println("{} tokens left", tokens);
}
