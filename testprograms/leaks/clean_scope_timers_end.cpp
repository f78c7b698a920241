// SPDX-License-Identifier: Apache-2.0
// A timer that will go off, and somebody who sleeps: both end by themselves, in time.
// verdict: clean 20/20
// stdout: 0 left, 2 ended
#include <atomic>
#include <chrono>

#include <snag/snag.h>

using namespace std::chrono_literals;

int main() {
  std::atomic<int> ended = 0;
  snag::leak_check check({.patience = 10s});
  snag::after_func(5ms, [&] {
    snag::yield();
    ++ended;
  });
  snag::go([&] {
    snag::sleep_for(20ms);
    ++ended;
  });
  while (ended == 0) snag::sleep_for(1ms);
  snag::println("{} left, {} ended", check.finish().size(), ended.load());
}
