// SPDX-License-Identifier: Apache-2.0
// Go's race detector's own cases about defer and panic (src/runtime/race/testdata/mop_test.go): recover is a
// catch, and what a deferred call is given when it is deferred is captured by copy.
#include <snag/snag.h>

#include <stdexcept>
#include <vector>

#include "../case.h"
#include "accesses.h"

using cases::use;

RACE(TestRacePanic) {
  int x = 0;
  const std::vector<int> nothing;
  snag::wait_group both;
  both.go([&] {
    try {
      use(nothing.at(1));
    } catch (const std::out_of_range&) {
      x = 1;  // <- 1
    }
  });
  both.go([&] {
    const snag::defer after([&] { x = 2; });  // <- 2
    try {
      snag::panic("nothing there");
    } catch (const snag::panic_error&) {
    }
  });
  both.wait();
}

RACE(TestRacePanicArg) {
  int x = 0;
  snag::wait_group other;
  other.go([&] {
    try {
      snag::panic(x);  // <- 1
    } catch (const snag::panic_error&) {
    }
  });
  x = 1;  // <- 2
  other.wait();
}

RACE(TestRaceDeferArg) {
  int x = 0;
  snag::wait_group other;
  other.go([&] {
    const snag::defer later([x] { use(x); });  // <- 1
  });
  x = 1;  // <- 2
  other.wait();
}

RACE(TestRaceDeferArg2) {
  struct connection {
    int number;
    void close() const { use(number); }
  } c{1};
  snag::wait_group other;
  other.go([&] {
    const snag::defer later([c] { c.close(); });  // <- 1
  });
  c.number = 2;  // <- 2
  other.wait();
}
