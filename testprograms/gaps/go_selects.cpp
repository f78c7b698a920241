// SPDX-License-Identifier: Apache-2.0
// Go's race detector's own cases about select (src/runtime/race/testdata/select_test.go). The channel `never`
// is there because a select of one case is a plain send or receive.
#include <snag/snag.h>

#include <functional>

#include "../cases/case.h"

RACE(TestRaceSelect5, "of two cases the one that can happen writes x, and nothing orders the reader") {
  int x = 0, y = 0;
  snag::chan<bool> ready(1), never;
  snag::wait_group writer;
  writer.go([&] {
    snag::select(snag::on_send(ready, true,
                               [&] {
                                 x = 1;  // <- 1
                               }),
                 snag::on_send(never, true, [&] { y = 1; }));
  });
  [[maybe_unused]] volatile int seen_x = x;  // <- 2
  [[maybe_unused]] volatile int seen_y = y;
  writer.wait();
}
