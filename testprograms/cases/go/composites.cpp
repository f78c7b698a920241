// SPDX-License-Identifier: Apache-2.0
// Go's race detector's own cases about fields of nested structs (src/runtime/race/testdata/comp_test.go): an
// access to a part and one to the whole meet, accesses to two parts do not. Go's conversion between struct
// types of one layout is std::bit_cast.
#include <snag/snag.h>

#include <array>
#include <bit>
#include <cstddef>
#include <vector>

#include "../case.h"
#include "../use.h"

namespace {

struct point {
  int x = 0, y = 0;
};

struct segment {
  point from, to;
};

// The same layouts by other names.
struct vector2 {
  int right, up;
};

struct box {
  vector2 low, high;
};

struct row {
  std::array<int, 32> cells = {};
};

struct line {
  std::array<int, 32> characters;
};

struct pointers {
  point *from, *to;
};

}  // namespace

NO_RACE(TestNoRaceComp) {
  segment s;
  snag::wait_group other;
  other.go([&] { s.to.x = 1; });
  s.to.y = 2;
  other.wait();
}

NO_RACE(TestNoRaceComp2) {
  segment s;
  snag::wait_group other;
  other.go([&] { s.from.x = 1; });
  s.from.y = 2;
  other.wait();
}

RACE(TestRaceComp) {
  segment s;
  snag::wait_group other;
  other.go([&] { s.to.y = 1; });  // <- 1
  s.to.y = 2;                     // <- 2
  other.wait();
}

RACE(TestRaceComp2) {
  segment s;
  snag::wait_group other;
  other.go([&] { s.from.x = 1; });  // <- 1
  s = segment{};                    // <- 2
  other.wait();
}

RACE(TestRaceComp3) {
  segment s;
  snag::wait_group other;
  other.go([&] { s.to.y = 1; });  // <- 1
  s = segment{};                  // <- 2
  other.wait();
}

RACE(TestRaceCompArray) {
  std::vector<segment> s(10);
  std::size_t x = 4;
  snag::wait_group other;
  other.go([&] { s[x].to.y = 1; });  // <- 1
  x = 5;                             // <- 2
  other.wait();
}

RACE(TestRaceConv1) {
  vector2 v = {};
  snag::wait_group other;
  other.go([&] { v.right = 1; });  // <- 1
  use(std::bit_cast<point>(v).x);  // <- 2
  other.wait();
}

RACE(TestRaceConv2) {
  vector2 v = {};
  vector2* const pointer = &v;
  snag::wait_group other;
  other.go([&] { v.right = 1; });         // <- 1
  use(std::bit_cast<point>(*pointer).x);  // <- 2
  other.wait();
}

RACE(TestRaceConv3) {
  box b = {};
  snag::wait_group other;
  other.go([&] { b.low.right = 1; });                                 // <- 1
  use(std::bit_cast<vector2>(std::bit_cast<segment>(b).from).right);  // <- 2
  other.wait();
}

RACE(TestRaceConv4) {
  row r;
  snag::wait_group other;
  other.go([&] { r.cells[20] = 1; });  // <- 1
  use(std::bit_cast<line>(r));         // <- 2
  other.wait();
}

NO_RACE(TestNoRaceCompPtr) {
  point from, to;
  pointers p = {&from, &to};
  snag::wait_group other;
  other.go([&] { p.from->x = 1; });
  p.from->y = 2;
  other.wait();
}

NO_RACE(TestNoRaceCompPtr2, "copying pointers does not read what they point to") {
  point from, to;
  pointers p = {&from, &to};
  snag::wait_group other;
  other.go([&] { p.from->x = 1; });
  use(p);
  other.wait();
}

RACE(TestRaceCompPtr) {
  point from, to;
  pointers p = {&from, &to};
  snag::wait_group other;
  other.go([&] { p.from->x = 1; });  // <- 1
  p.from->x = 2;                     // <- 2
  other.wait();
}

RACE(TestRaceCompPtr2, "who follows a pointer reads it") {
  point from, to, elsewhere;
  pointers p = {&from, &to};
  snag::wait_group other;
  other.go([&] { p.from->x = 1; });  // <- 1
  p.from = &elsewhere;               // <- 2
  other.wait();
}
