// SPDX-License-Identifier: Apache-2.0
// Go's race detector's own cases about variables of several types, read, written, and reached through
// pointers (src/runtime/race/testdata/mop_test.go).
#include <snag/snag.h>

#include <array>
#include <complex>
#include <cstdint>
#include <memory>
#include <tuple>

#include "../case.h"
#include "accesses.h"

using cases::use;

namespace {

int shared_number = 0;
void read_shared_number() { use(shared_number); }  // <- 1
void write_shared_number() { shared_number = 1; }  // <- 2

}  // namespace

RACE(TestRaceIntRWGlobalFuncs) {
  snag::wait_group both;
  both.go(read_shared_number);   // <- 1
  both.go(write_shared_number);  // <- 2
  both.wait();
}

RACE(TestRaceIntRWClosures) {
  int x = 0, y = 0;
  snag::wait_group both;
  both.go([&] { y = x; });  // <- 1
  both.go([&] { x = 1; });  // <- 2
  both.wait();
  use(y);
}

NO_RACE(TestNoRaceIntRWClosures) {
  int x = 0, y = 0;
  snag::chan<void> finished(1);
  snag::go([&] {
    y = x;
    finished.send();
  });
  finished.recv();
  snag::go([&] {
    x = 1;
    finished.send();
  });
  finished.recv();
  use(x + y);
}

RACE(TestRaceInt32RWClosures) {
  std::int32_t x = 0, y = 0;
  snag::wait_group both;
  both.go([&] { y = x; });  // <- 1
  both.go([&] { x = 1; });  // <- 2
  both.wait();
  use(y);
}

RACE(TestRaceIntptrRW) {
  const auto place = std::make_unique<int>(0);
  int* const p = place.get();
  snag::wait_group other;
  other.go([p] { *p = 3; });  // <- 1
  use(*p + 1);                // <- 2
  other.wait();
}

RACE(TestRaceFloat64WW) {
  double x = 0;
  snag::wait_group both;
  both.go([&] { x = 1.5; });  // <- 1
  both.go([&] { x = 2.5; });  // <- 2
  both.wait();
}

RACE(TestRaceComplex128WW) {
  std::complex<double> z;
  snag::wait_group both;
  both.go([&] { z = {2, 2}; });  // <- 1
  both.go([&] { z = {3, 3}; });  // <- 2
  both.wait();
}

RACE(TestRaceUnsafePtrRW) {
  int x = 1, z = 3;
  void* p = &x;
  snag::wait_group other;
  other.go([&] { p = &z; });   // <- 1
  use(*static_cast<int*>(p));  // <- 2
  other.wait();
}

RACE(TestRaceRune) {
  char32_t letter = U'a';
  snag::wait_group other;
  other.go([&] { letter = U'ø'; });  // <- 1
  use(letter);                       // <- 2
  other.wait();
}

RACE(TestRaceIndirection) {
  int x = 0;
  int* const p = &x;
  snag::wait_group both;
  both.go([p] { *p = 1; });  // <- 1
  both.go([p] { *p = 2; });  // <- 2
  both.wait();
}

NO_RACE(TestNoRaceBlank) {
  std::array<int, 2> numbers = {1, 2};
  snag::wait_group other;
  other.go([&] { use(numbers[0]); });
  use(numbers[1]);
  other.wait();
}

RACE(TestRaceBlockAs) {
  int x = 1, y = 2;
  snag::wait_group other;
  other.go([&] { std::tie(x, y) = std::tuple(y, x); });  // <- 1
  x = 3;                                                 // <- 2
  other.wait();
}
