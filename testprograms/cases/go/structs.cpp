// SPDX-License-Identifier: Apache-2.0
// Go's race detector's own cases about structs and arrays, whole and in part
// (src/runtime/race/testdata/mop_test.go).
#include <snag/snag.h>

#include <array>
#include <cstdint>
#include <memory>

#include "../case.h"
#include "accesses.h"

using cases::use;

namespace {

struct point {
  int x = 0, y = 0;
};

struct segment {
  point from, to;
};

}  // namespace

RACE(TestRaceArrayCopy) {
  std::array<int, 5> numbers{};
  snag::wait_group other;
  other.go([&] { numbers[3] = 1; });  // <- 1
  numbers = {1, 2, 3, 4, 5};          // <- 2
  other.wait();
}

// Four megabytes, which are copied in one piece.
RACE(TestRaceNestedArrayCopy) {
  using row = std::array<std::array<std::int32_t, 32>, 32>;
  using block = std::array<std::array<row, 32>, 32>;
  const auto from = std::make_unique<block>(), to = std::make_unique<block>();
  snag::wait_group other;
  other.go([&] { (*from)[1][2][3][4] = 5; });  // <- 1
  *to = *from;                                 // <- 2
  other.wait();
  use((*to)[1][2][3][4]);
}

RACE(TestRaceStructRW) {
  point p;
  snag::wait_group other;
  other.go([&] { p = point{1, 2}; });  // <- 1
  use(p);                              // <- 2
  other.wait();
}

RACE(TestRaceStructFieldRW1) {
  point p;
  snag::wait_group other;
  other.go([&] { p.x = 1; });  // <- 1
  use(p.x);                    // <- 2
  other.wait();
}

NO_RACE(TestNoRaceStructFieldRW1) {
  point p;
  snag::wait_group other;
  other.go([&] { p.x = 1; });
  p.y = 1;
  use(p.y);
  other.wait();
}

NO_RACE(TestNoRaceStructFieldRW2) {
  const auto p = std::make_unique<point>();
  snag::wait_group other;
  other.go([x = &p->x] { *x = 1; });
  p->y = 1;
  use(p->y);
  other.wait();
}

RACE(TestRaceStructFieldRW2) {
  point place;
  point* const p = &place;
  snag::wait_group other;
  other.go([p] { p->x = 1; });  // <- 1
  use(p->x);                    // <- 2
  other.wait();
}

RACE(TestRaceStructFieldRW3) {
  segment line;
  snag::wait_group other;
  other.go([&] { line.to.y = 1; });  // <- 1
  use(line.to.y);                    // <- 2
  other.wait();
}

RACE(TestRaceStructInd) {
  struct item {
    int x = 0, y = 0;
  };
  const auto p = std::make_unique<item>();
  snag::wait_group other;
  other.go([&] { *p = item{}; });  // <- 1
  p->y = 1;                        // <- 2
  other.wait();
}

// A copy ends where the empty member begins, which takes no place.
NO_RACE(TestNoRaceEmptyStruct) {
  struct empty {};
  struct inner {
    std::int64_t value = 1;
    [[no_unique_address]] empty nothing;
  };
  struct outer {
    inner first;
    std::int64_t second = 2;
  } all;
  snag::wait_group both;
  both.go([&] { use(all.first); });
  both.go([&] { all.second = 42; });
  both.wait();
}

RACE(TestRaceNestedStruct) {
  segment line;
  snag::chan<segment> copies(1);
  snag::wait_group other;
  other.go([&] { line.to.y = 1; });  // <- 1
  copies << line;                    // <- 2
  other.wait();
}
