// SPDX-License-Identifier: Apache-2.0
// Variables of the library's own value types, assigned while others look.
#include <snag/snag.h>

#include <chrono>

#include "../case.h"
#include "../go/accesses.h"

using cases::use;
using namespace std::chrono_literals;

RACE(error_compared) {
  const snag::error known("out of paper");
  snag::error problem;
  snag::wait_group other;
  other.go([&] { problem = known; });  // <- 1
  use(problem == known);               // <- 2
  other.wait();
}

RACE(error_copied) {
  snag::error problem;
  cases::moment written;
  snag::wait_group other;
  other.go([&] {
    problem = snag::error("out of paper");  // <- 1
    written.arrive();
  });
  written.await();
  use(problem);  // <- 2
  other.wait();
}

RACE(timer_copied) {
  snag::timer t(1h);
  cases::moment written;
  snag::wait_group other;
  other.go([&] {
    t = snag::timer(2h);  // <- 1
    written.arrive();
  });
  written.await();
  use(t);  // <- 2
  other.wait();
}

RACE(cancel_function_copied) {
  snag::cancel_func stop = snag::with_cancel(snag::context::background()).cancel;
  cases::moment written;
  snag::wait_group other;
  other.go([&] {
    stop = snag::with_cancel(snag::context::background()).cancel;  // <- 1
    written.arrive();
  });
  written.await();
  use(stop);  // <- 2
  other.wait();
}
