// SPDX-License-Identifier: Apache-2.0
// Go's race detector's own cases about sync/atomic (src/runtime/race/testdata/atomic_test.go), with
// std::atomic in its default order, which is Go's only one.
#include <snag/snag.h>

#include <atomic>
#include <cstdint>

#include "../case.h"

NO_RACE(TestNoRaceAtomicAddInt64) {
  int x1 = 0, x2 = 0;
  std::atomic<std::int64_t> sum = 0;
  snag::wait_group both;
  both.go([&] {
    x1 = 1;
    if (++sum == 2) x2 = 1;
  });
  both.go([&] {
    x2 = 1;
    if (++sum == 2) x1 = 1;
  });
  both.wait();
}
