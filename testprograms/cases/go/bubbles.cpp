// SPDX-License-Identifier: Apache-2.0
// Go's race detector's own cases about testing/synctest (src/runtime/race/testdata/synctest_test.go), with
// snag::bubble. What is shared lies outside of the bubble's function, which may return before its goroutines.
#include <snag/snag.h>

#include <chrono>

#include "../case.h"

using namespace std::chrono_literals;

RACE(TestRaceSynctestGoroutinesExit, "two goroutines of a bubble") {
  int x = 0;
  snag::bubble([&] {
    const auto write = [&] {
      x = 1;  // <- 1 2
    };
    snag::go(write);
    snag::go(write);
  });
}

NO_RACE(TestNoRaceSynctestGoroutinesExit, "what the others did comes before the end of bubble_wait") {
  int x = 0;
  snag::bubble([&] {
    const auto write = [&] { x = 1; };
    snag::go(write);
    snag::bubble_wait();
    snag::go(write);
  });
}

RACE(TestRaceSynctestGoroutinesRecv, "both write before they wait for the close") {
  int x = 0;
  snag::bubble([&] {
    const snag::chan<void> c;
    const auto write = [&x, c] {
      x = 1;  // <- 1 2
      c.recv();
    };
    snag::go(write);
    snag::go(write);
    c.close();
  });
}

RACE(TestRaceSynctestGoroutinesUnblocked, "both write once the channel is closed") {
  int x = 0;
  snag::bubble([&] {
    const snag::chan<void> c;
    const auto write = [&x, c] {
      c.recv();
      x = 1;  // <- 1 2
    };
    snag::go(write);
    snag::go(write);
    c.close();
  });
}

RACE(TestRaceSynctestGoroutinesSleep, "a clock that stands still orders no more than any other") {
  int x = 0;
  snag::bubble([&] {
    snag::go([&] {
      snag::sleep_for(1s);
      x = 1;  // <- 1
      snag::sleep_for(2s);
    });
    snag::go([&] {
      snag::sleep_for(2s);
      x = 2;  // <- 2
      snag::sleep_for(1s);
    });
    snag::sleep_for(5s);
  });
}

RACE(TestRaceSynctestTimers, "two callbacks are not ordered by their times") {
  int x = 0;
  snag::bubble([&] {
    const auto write = [&] {
      x = 1;  // <- 1 2
    };
    snag::after_func(1s, write);
    snag::after_func(2s, write);
    snag::sleep_for(5s);
  });
}
