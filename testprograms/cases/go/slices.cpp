// SPDX-License-Identifier: Apache-2.0
// Go's race detector's own cases about slices (src/runtime/race/testdata/slice_test.go), first part:
// elements, and what reads only where they are and how many. A slice is a std::vector or, where it is a view,
// a std::span. The other parts are slice_copies.cpp and slice_variables.cpp.
#include <snag/snag.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "../case.h"
#include "../use.h"

RACE(TestRaceSliceRW) {
  std::vector<int> a(2);
  snag::wait_group other;
  other.go([&] { a[1] = 1; });  // <- 1
  use(a[1]);                    // <- 2
  other.wait();
}

NO_RACE(TestNoRaceSliceRW) {
  std::vector<int> a(2);
  snag::wait_group other;
  other.go([&] { a[0] = 1; });
  use(a[1]);
  other.wait();
}

RACE(TestRaceSliceWW) {
  std::vector<int> a(10);
  snag::wait_group other;
  other.go([&] { a[1] = 1; });  // <- 1
  a[1] = 2;                     // <- 2
  other.wait();
}

NO_RACE(TestNoRaceArrayWW) {
  std::array<int, 5> a = {};
  snag::wait_group other;
  other.go([&] { a[0] = 1; });
  a[1] = 2;
  other.wait();
}

RACE(TestRaceArrayWW) {
  std::array<int, 5> a = {};
  snag::wait_group other;
  other.go([&] { a[1] = 1; });  // <- 1
  a[1] = 2;                     // <- 2
  other.wait();
}

NO_RACE(TestNoRaceSliceWriteLen) {
  std::vector<bool*> a(1);
  snag::wait_group other;
  other.go([&] { a[0] = nullptr; });
  use(a.size());
  other.wait();
}

NO_RACE(TestNoRaceSliceWriteCap) {
  std::vector<std::uint64_t> a(100);
  snag::wait_group other;
  other.go([&] { a[50] = 1; });
  use(a.capacity());
  other.wait();
}

NO_RACE(TestNoRaceSliceWriteSlice2, "a part's bounds say nothing about its elements") {
  std::vector<double> a(10);
  snag::wait_group other;
  other.go([&] { a[2] = 1.0; });
  use(std::span(a).first(5));
  other.wait();
}

RACE(TestRaceSliceWriteSlice) {
  std::vector<double> elements(10);
  std::span<double> a = elements;
  snag::wait_group other;
  other.go([&] { a[2] = 1.0; });  // <- 1
  a = a.subspan(5);               // <- 2
  other.wait();
}

NO_RACE(TestNoRaceSliceWriteSlice) {
  std::vector<double> elements(10);
  std::span<double> a = elements;
  snag::wait_group other;
  other.go([&] { a[2] = 1.0; });
  use(a.subspan(5));
  other.wait();
}

NO_RACE(TestNoRaceSliceLenCap) {
  struct nothing {};
  std::vector<nothing> a;
  snag::wait_group other;
  other.go([&] { use(a.size()); });
  use(a.capacity());
  other.wait();
}

NO_RACE(TestNoRaceStructSlicesRangeWrite) {
  struct {
    std::vector<int> read = std::vector<int>(10), written = std::vector<int>(10);
  } both;
  snag::wait_group other;
  other.go([&] {
    for (const int element : both.read) use(element);
  });
  both.written[5] = 1;
  other.wait();
}

RACE(TestRaceSliceDifferent, "two views of the same elements") {
  std::vector<int> elements(10);
  const std::span<int> a = elements, b = std::span(elements).subspan(2);
  snag::wait_group other;
  other.go([&] { a[3] = 1; });  // <- 1
  b[1] = 2;                     // <- 2
  other.wait();
}

RACE(TestRaceSliceRangeWrite) {
  std::vector<int> a(10);
  snag::wait_group other;
  other.go([&] { a[5] = 1; });               // <- 1
  for (const int element : a) use(element);  // <- 2
  other.wait();
}

NO_RACE(TestNoRaceSliceRangeWrite, "a loop that looks at no element") {
  std::vector<int> a(10);
  snag::wait_group other;
  other.go([&] { a[5] = 1; });
  for (const int& element : a) use(&element);
  other.wait();
}

RACE(TestRaceSliceRangeAppend, "a loop that looks at no element still reads where they end") {
  std::vector<int> a(10);
  a.reserve(20);
  snag::wait_group other;
  other.go([&] {
    for (const int& element : a) use(&element);  // <- 1
  });
  a.push_back(1);  // <- 2
  other.wait();
}

NO_RACE(TestNoRaceSliceRangeAppend, "appending to a copy") {
  std::vector<int> a(10);
  snag::wait_group other;
  other.go([&] {
    for (const int element : a) use(element);
  });
  std::vector<int> longer = a;
  longer.push_back(1);
  use(longer.back());
  other.wait();
}

NO_RACE(TestNoRaceSliceIndexAccess) {
  std::vector<int> a(10);
  std::size_t i = 0;
  snag::wait_group other;
  other.go([&] { use(i); });
  a[i] = 1;
  other.wait();
  use(a[0]);
}

NO_RACE(TestNoRaceSliceIndexAccess2) {
  std::vector<int> a(10);
  std::size_t i = 0;
  snag::wait_group other;
  other.go([&] { use(i); });
  use(a[i]);
  other.wait();
}

RACE(TestRaceSliceIndexAccess) {
  std::vector<int> a(10);
  std::size_t i = 0;
  snag::wait_group other;
  other.go([&] { i = 1; });  // <- 1
  a[i] = 1;                  // <- 2
  other.wait();
  use(a[0]);
}

RACE(TestRaceSliceIndexAccess2) {
  std::vector<int> a(10);
  std::size_t i = 0;
  snag::wait_group other;
  other.go([&] { i = 1; });  // <- 1
  use(a[i]);                 // <- 2
  other.wait();
}

RACE(TestRaceSlice3, "the bound of a part is a variable that is read") {
  std::vector<int> elements(10);
  const std::span<int> a = elements;
  std::size_t count = 10;
  snag::wait_group other;
  other.go([&] { count = 5; });  // <- 1
  use(a.first(count));           // <- 2
  other.wait();
}
