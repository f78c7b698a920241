// SPDX-License-Identifier: Apache-2.0
// Go's race detector's own cases about strings, slices and maps (src/runtime/race/testdata/mop_test.go): a
// slice is a std::vector here where it grows, and a std::span where it is a part.
#include <snag/snag.h>

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "../case.h"
#include "accesses.h"

using cases::use;

namespace {

struct item {
  int x = 0, y = 0;
};

std::vector<int> appended(std::span<const int> numbers, int last) {
  std::vector<int> all(numbers.begin(), numbers.end());  // <- 1
  all.push_back(last);
  return all;
}

}  // namespace

RACE(TestRaceStringRW) {
  std::string s = "north";
  snag::wait_group other;
  other.go([&] { s = "south"; });  // <- 1
  use(s);                          // <- 2
  other.wait();
}

RACE(TestRaceStringPtrRW) {
  std::string s = "north";
  std::string* const p = &s;
  snag::wait_group other;
  other.go([p] { *p = "south"; });  // <- 1
  use(*p);                          // <- 2
  other.wait();
}

RACE(TestRaceAppendRW) {
  std::vector<int> numbers(10);
  snag::wait_group other;
  other.go([&] { use(appended(numbers, 1)); });  // <- 1
  numbers[7] = 1;                                // <- 2
  other.wait();
}

RACE(TestRaceAppendLenRW) {
  std::vector<int> numbers;
  numbers.reserve(1);
  snag::wait_group other;
  other.go([&] { numbers.push_back(1); });  // <- 1
  use(numbers.size());                      // <- 2
  other.wait();
}

RACE(TestRaceAppendCapRW) {
  std::vector<int> numbers;
  snag::wait_group other;
  other.go([&] { numbers.push_back(1); });  // <- 1
  use(numbers.capacity());                  // <- 2
  other.wait();
}

RACE(TestRaceSliceSlice) {
  std::array<int, 6> numbers{};
  std::span<int> part(numbers);
  snag::wait_group other;
  other.go([&] { part = part.last(3); });  // <- 1
  use(part.subspan(1, 2).data());          // <- 2
  other.wait();
}

RACE(TestRaceSliceSlice2) {
  std::array<int, 6> numbers{};
  std::size_t from = 1;
  snag::wait_group other;
  other.go([&] { from = 2; });                    // <- 1
  use(std::span<int>(numbers).subspan(from, 2));  // <- 2
  other.wait();
}

RACE(TestRaceSliceString) {
  std::string_view name = "north-east";
  snag::wait_group other;
  other.go([&] { name = "south-east"; });  // <- 1
  use(name.substr(2, 3));                  // <- 2
  other.wait();
}

RACE(TestRaceSliceStruct) {
  std::vector<item> from(10), to(10);
  snag::wait_group other;
  other.go([&] { std::ranges::copy(from, to.begin()); });  // <- 1
  from[1].y = 42;                                          // <- 2
  other.wait();
}

RACE(TestRaceAppendSliceStruct) {
  std::vector<item> from(10), to;
  snag::wait_group other;
  other.go([&] { to.insert(to.end(), from.begin(), from.end()); });  // <- 1
  from[1].y = 42;                                                    // <- 2
  other.wait();
}

// A page and those it links to; each visit is counted before its goroutine starts, and nothing guards `seen`.
RACE(TestRaceCrawl) {
  const std::vector<std::vector<int>> links = {{1, 2, 3}, {2, 3}, {1}, {}};
  std::unordered_map<int, bool> seen;
  seen.reserve(64);  // so that a visit lost is the worst that happens
  snag::wait_group visits;
  const auto crawl = [&](const auto& self, int page, int depth) -> void {
    if (depth == 0 || seen.contains(page)) return;  // <- 1 2
    seen[page] = true;                              // <- 1 2
    for (const int next : links[page]) visits.go([&self, next, depth] { self(self, next, depth - 1); });
  };
  visits.go([&] { crawl(crawl, 0, 3); });
  visits.wait();
}
