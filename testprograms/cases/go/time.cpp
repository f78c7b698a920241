// SPDX-License-Identifier: Apache-2.0
// Go's race detector's own cases about timers (src/runtime/race/testdata/time_test.go, and the four about
// time.AfterFunc in sync_test.go). What comes before a timer is set comes before what it starts or sends.
#include <snag/snag.h>

#include <chrono>
#include <functional>

#include "../case.h"

using namespace std::chrono_literals;

NO_RACE(TestNoRaceAfterFunc1, "a callback that sets the next timer comes before the next callback") {
  int left = 2;
  snag::chan<bool> done;
  std::function<void()> again = [&] {
    if (--left >= 0) {
      snag::after_func(0s, again);
    } else {
      done << true;
    }
  };
  snag::after_func(0s, again);
  done.recv();
}

// The callback may still run when the case is over.
NO_RACE(TestNoRaceAfterFunc2,
        "the callback comes after what came before; stopping it orders nothing and touches nothing") {
  static int x = 0;
  x = 2;
  const snag::timer timer = snag::after_func(10ns, [] { x = 1; });
  snag::defer stop([&] { timer.stop(); });
}

NO_RACE(TestNoRaceAfterFunc3, "a callback that sends comes before the receive") {
  int x = 0;
  snag::chan<bool> done(1);
  snag::after_func(10ms, [&] {
    x = 1;
    done << true;
  });
  done.recv();
  x = 2;
}

RACE(TestRaceAfterFunc3, "two callbacks are not ordered by their times") {
  int x = 0;
  snag::chan<bool> done(2);
  snag::after_func(10ms, [&] {
    x = 1;  // <- 1
    done << true;
  });
  snag::after_func(20ms, [&] {
    x = 2;  // <- 2
    done << true;
  });
  done.recv();
  done.recv();
}

NO_RACE(TestNoRaceAfterFunc, "setting a timer comes before its callback") {
  int x = 0;
  snag::chan<int> done;
  x = 2;
  snag::after_func(1ns, [&] {
    x = 1;
    done << 0;
  });
  done.recv();
  x = 3;
}

NO_RACE(TestNoRaceAfterFuncReset, "setting a timer again comes before its callback") {
  int x = 0;
  snag::chan<int> done;
  const snag::timer timer = snag::after_func(1h, [&] {
    x = 1;
    done << 0;
  });
  timer.stop();
  x = 2;
  timer.reset(1ns);
  done.recv();
  x = 3;
}

NO_RACE(TestNoRaceTimer, "setting a timer comes before the receive of its time") {
  int x = 0;
  snag::chan<int> done;
  x = 2;
  const snag::timer timer(1ns);
  snag::go([&] {
    timer.c().recv();
    x = 1;
    done << 0;
  });
  done.recv();
  x = 3;
}

NO_RACE(TestNoRaceTimerReset, "setting a timer again comes before the receive of its time") {
  int x = 0;
  snag::chan<int> done;
  const snag::timer timer(1h);
  snag::go([&] {
    timer.c().recv();
    x = 1;
    done << 0;
  });
  timer.stop();
  x = 2;
  timer.reset(1ns);
  done.recv();
  x = 3;
}

NO_RACE(TestNoRaceTicker, "setting a ticker comes before the receive of a tick") {
  int x = 0;
  snag::chan<int> done;
  x = 2;
  const snag::ticker ticker(1ns);
  snag::go([&] {
    ticker.c().recv();
    x = 1;
    done << 0;
  });
  done.recv();
  x = 3;
}

NO_RACE(TestNoRaceTickerReset, "setting a ticker again comes before the receive of a tick") {
  int x = 0;
  snag::chan<int> done;
  const snag::ticker ticker(1h);
  snag::go([&] {
    ticker.c().recv();
    x = 1;
    done << 0;
  });
  ticker.stop();
  x = 2;
  ticker.reset(1ns);
  done.recv();
  x = 3;
}
