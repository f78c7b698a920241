// SPDX-License-Identifier: Apache-2.0
// Go's race detector's own cases about operators, addresses and initialisers
// (src/runtime/race/testdata/mop_test.go).
#include <snag/snag.h>

#include <array>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "../case.h"
#include "accesses.h"

using cases::opaque;
using cases::use;

RACE(TestRacePlus) {
  int x = opaque(1), y = 0, z = opaque(2);
  snag::wait_group both;
  both.go([&] { y = x + z; });      // <- 1
  both.go([&] { y = x + z + z; });  // <- 2
  both.wait();
}

RACE(TestRacePlus2) {
  int x = 0, y = 0, z = opaque(2);
  snag::wait_group both;
  both.go([&] { x = 1; });       // <- 1
  both.go([&] { y = +x + z; });  // <- 2
  both.wait();
  use(y);
}

NO_RACE(TestNoRacePlus) {
  int x = opaque(1), y = 0, z = opaque(2), sum = 0;
  snag::wait_group both;
  both.go([&] { y = x + z; });
  both.go([&] { sum = z + x; });
  both.wait();
  use(y + sum);
}

RACE(TestRaceComplement) {
  int x = 0, y = 0;
  snag::wait_group both;
  both.go([&] { x = ~y; });  // <- 1
  both.go([&] { y = 1; });   // <- 2
  both.wait();
  use(x);
}

RACE(TestRaceDiv) {
  unsigned x = 0, y = 9, z = opaque(2u);
  snag::wait_group both;
  both.go([&] { x = y / (z + 1); });  // <- 1
  both.go([&] { y = 1; });            // <- 2
  both.wait();
  use(x);
}

RACE(TestRaceDivConst) {
  std::uint32_t x = 0, y = 9;
  snag::wait_group both;
  both.go([&] { x = y / 3; });  // <- 1
  both.go([&] { y = 1; });      // <- 2
  both.wait();
  use(x);
}

RACE(TestRaceMod) {
  unsigned x = 0, y = 9, z = opaque(2u);
  snag::wait_group both;
  both.go([&] { x = y % (z + 1); });  // <- 1
  both.go([&] { y = 1; });            // <- 2
  both.wait();
  use(x);
}

RACE(TestRaceModConst) {
  std::uint32_t x = 0, y = 9;
  snag::wait_group both;
  both.go([&] { x = y % 3; });  // <- 1
  both.go([&] { y = 1; });      // <- 2
  both.wait();
  use(x);
}

RACE(TestRaceRotate) {
  std::uint32_t x = 0, y = 9;
  snag::wait_group both;
  both.go([&] { x = y << 12 | y >> 20; });  // <- 1
  both.go([&] { y = 1; });                  // <- 2
  both.wait();
  use(x);
}

// More operands at once than there are registers, each of them checked.
NO_RACE(TestNoRaceEnoughRegisters) {
  std::array<double, 20> a{};
  for (double next = 1; double& x : a) x = next++;
  a = opaque(a);
  const double product =
      (a[0] + (a[1] + (a[2] + (a[3] + a[4]) * (a[5] - a[6])) * (a[7] - (a[8] - a[9] * (a[10] + a[11]))))) *
      ((a[12] - a[13]) * (a[14] + a[15] * (a[16] - a[17])) + (a[18] - a[0] * a[19]) * (a[1] - a[18] * a[2]));
  use(product);
}

NO_RACE(TestNoRaceAddrExpr) {
  struct point {
    int x = 0, y = 0;
  } place;
  snag::wait_group other;
  other.go([&] { place.y = 1; });
  use(&place.y);
  other.wait();
}

RACE(TestRaceAddrExpr) {
  struct point {
    int x = 0, y = 0;
  } here, there;
  point* p = &here;
  snag::wait_group other;
  other.go([&] { p = &there; });  // <- 1
  use(&p->y);                     // <- 2
  other.wait();
}

RACE(TestRaceStructInit) {
  struct point {
    int x, y;
  };
  int x = 0;
  snag::wait_group other;
  other.go([&] { x = 42; });   // <- 1
  use(point{.x = x, .y = 1});  // <- 2
  other.wait();
}

RACE(TestRaceArrayInit) {
  int x = 0;
  snag::wait_group other;
  other.go([&] { x = 42; });     // <- 1
  use(std::vector<int>{x, 42});  // <- 2
  other.wait();
}

RACE(TestRaceMapInit) {
  int x = 0;
  snag::wait_group other;
  other.go([&] { x = 42; });                          // <- 1
  use(std::unordered_map<int, int>{{x, 42}}.size());  // <- 2
  other.wait();
}

RACE(TestRaceMapInit2) {
  int x = 0;
  snag::wait_group other;
  other.go([&] { x = 42; });                   // <- 1
  use(std::unordered_map<int, int>{{42, x}});  // <- 2
  other.wait();
}
