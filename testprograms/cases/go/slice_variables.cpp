// SPDX-License-Identifier: Apache-2.0
// Go's race detector's own cases about slices (src/runtime/race/testdata/slice_test.go), third part: the
// variable that says where the elements are is assigned meanwhile. Where elements would be gone with the
// assignment, it is a std::span, as a slice in Go is; strings are variables of this kind, too.
#include <snag/snag.h>

#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include "../case.h"
#include "../use.h"

RACE(TestRaceSliceVarWrite) {
  std::vector<int> elements(20);
  std::span<int> a = std::span(elements).first(10);
  snag::wait_group other;
  other.go([&] { a[1] = 1; });       // <- 1
  a = std::span(elements).last(10);  // <- 2
  other.wait();
}

RACE(TestRaceSliceVarRead, "a vector's elements, which the assignment frees") {
  std::vector<int> a(10);
  snag::wait_group other;
  other.go([&] { use(a[3]); });  // <- 1
  a = std::vector<int>(20);      // <- 2
  other.wait();
}

RACE(TestRaceSliceVarRange) {
  std::vector<int> elements(20);
  std::span<int> a = std::span(elements).first(10);
  snag::wait_group other;
  other.go([&] {
    for (const int& element : a) use(&element);  // <- 1
  });
  a = std::span(elements).last(10);  // <- 2
  other.wait();
}

RACE(TestRaceSliceVarAppend) {
  std::vector<int> a(10);
  a.reserve(20);
  snag::wait_group other;
  other.go([&] { a.push_back(1); });  // <- 1
  a = std::vector<int>(20);           // <- 2
  other.wait();
}

RACE(TestRaceSliceVarCopy) {
  std::vector<int> elements(20);
  const std::vector<int> from(10);
  std::span<int> a = std::span(elements).first(10);
  snag::wait_group other;
  other.go([&] { std::ranges::copy(from, a.begin()); });  // <- 1
  a = std::span(elements).last(10);                       // <- 2
  other.wait();
}

RACE(TestRaceSliceVarCopy2) {
  std::vector<int> elements(20), to(20);
  std::span<int> a = std::span(elements).first(10);
  snag::wait_group other;
  other.go([&] { std::ranges::copy(a, to.begin()); });  // <- 1
  a = std::span(elements).last(10);                     // <- 2
  other.wait();
}

RACE(TestRaceConcatString) {
  std::string s = "hello";
  snag::wait_group other;
  other.go([&] { s = "world"; });  // <- 1
  use(s + "!");                    // <- 2
  other.wait();
}

RACE(TestRaceCompareString) {
  std::string s = "hello";
  const std::string wanted = "world";
  snag::wait_group other;
  other.go([&] { s = "world"; });  // <- 1
  use(s == wanted);                // <- 2
  other.wait();
}
