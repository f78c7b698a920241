// SPDX-License-Identifier: Apache-2.0
// Go's race detector's own cases about maps (src/runtime/race/testdata/map_test.go), with std::unordered_map.
// As in Go, an insertion or removal writes the whole table, every look-up reads it, and an operation reads
// all of the key or value that it is given. A map in Go may be read where nothing is; here that is find or
// contains.
#include <snag/snag.h>

#include <array>
#include <cstddef>
#include <ranges>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "../case.h"
#include "../use.h"

namespace {

using numbers = std::unordered_map<int, int>;

struct hash_of_all {
  template <std::size_t Size>
  std::size_t operator()(const std::array<int, Size>& key) const {
    std::size_t hash = Size;
    for (const int part : key) hash = hash * 31 + static_cast<std::size_t>(part);  // <- 1
    return hash;
  }
};

using pair_key = std::array<int, 2>;
using big_key = std::array<int, 100>;  // more than Go passes in place
using big_value = std::array<int, 100>;
using by_pair = std::unordered_map<pair_key, int, hash_of_all>;
using by_big_key = std::unordered_map<big_key, int, hash_of_all>;
using big_values = std::unordered_map<int, big_value>;

}  // namespace

RACE(TestRaceMapRW) {
  numbers m;
  snag::wait_group other;
  other.go([&] { use(m.contains(1)); });  // <- 1
  m[1] = 1;                               // <- 2
  other.wait();
}

RACE(TestRaceMapRW2, "the look-up that tells whether it found anything") {
  numbers m;
  snag::wait_group other;
  other.go([&] {
    if (const auto found = m.find(1); found != m.end()) use(found->second);  // <- 1
  });
  m[1] = 1;  // <- 2
  other.wait();
}

RACE(TestRaceMapRWArray) {
  std::unordered_map<int, std::array<int, 2>> m = {{1, {}}};
  snag::wait_group other;
  other.go([&] { use(m.at(1)[1]); });  // <- 1
  m[2] = {1, 2};                       // <- 2
  other.wait();
}

NO_RACE(TestNoRaceMapRR) {
  const numbers m = {{1, 1}};
  snag::wait_group other;
  other.go([&] { use(m.at(1)); });
  use(m.find(1)->second);
  other.wait();
}

RACE(TestRaceMapRange) {
  numbers m = {{1, 1}};
  snag::wait_group other;
  other.go([&] {
    for (const auto& [key, value] : m) use(key + value);  // <- 1
  });
  m[2] = 1;  // <- 2
  other.wait();
}

RACE(TestRaceMapRange2, "the keys alone") {
  numbers m = {{1, 1}};
  snag::wait_group other;
  other.go([&] {
    for (const int key : m | std::views::keys) use(key);  // <- 1
  });
  m[2] = 1;  // <- 2
  other.wait();
}

NO_RACE(TestNoRaceMapRangeRange) {
  numbers m = {{1, 1}, {2, 2}};
  snag::wait_group other;
  other.go([&] {
    for (const auto& [key, value] : m) use(key + value);
  });
  for (const auto& [key, value] : m) use(key + value);
  other.wait();
}

RACE(TestRaceMapLen) {
  numbers m;
  snag::wait_group other;
  other.go([&] { use(m.size()); });  // <- 1
  m[1] = 1;                          // <- 2
  other.wait();
}

RACE(TestRaceMapDelete, "also where there is nothing to remove") {
  numbers m;
  snag::wait_group other;
  other.go([&] { m.erase(1); });  // <- 1
  m[1] = 1;                       // <- 2
  other.wait();
}

RACE(TestRaceMapLenDelete) {
  numbers m = {{1, 1}};
  snag::wait_group other;
  other.go([&] { m.erase(1); });  // <- 1
  use(m.size());                  // <- 2
  other.wait();
}

RACE(TestRaceMapVariable) {
  numbers m;
  snag::wait_group other;
  other.go([&] { m = numbers(); });  // <- 1
  m = numbers();                     // <- 2
  other.wait();
}

RACE(TestRaceMapVariable2) {
  numbers m;
  snag::wait_group other;
  other.go([&] { m[1] = 1; });  // <- 1
  m = numbers();                // <- 2
  other.wait();
}

RACE(TestRaceMapVariable3) {
  numbers m;
  snag::wait_group other;
  other.go([&] { use(m.contains(1)); });  // <- 1
  m = numbers();                          // <- 2
  other.wait();
}

RACE(TestRaceMapLookupPartKey) {
  const by_pair m = {{{1, 2}, 3}};
  pair_key k = {};
  snag::wait_group other;
  other.go([&] { use(m.contains(k)); });  // <- 1
  k[1] = 1;                               // <- 2
  other.wait();
}

RACE(TestRaceMapLookupPartKey2, "the look-up that tells whether it found anything") {
  const by_pair m = {{{1, 2}, 3}};
  pair_key k = {};
  snag::wait_group other;
  other.go([&] {
    if (const auto found = m.find(k); found != m.end()) use(found->second);  // <- 1
  });
  k[1] = 1;  // <- 2
  other.wait();
}

RACE(TestRaceMapDeletePartKey) {
  by_pair m = {{{1, 2}, 3}};
  pair_key k = {};
  snag::wait_group other;
  other.go([&] { m.erase(k); });  // <- 1
  k[1] = 1;                       // <- 2
  other.wait();
}

RACE(TestRaceMapInsertPartKey) {
  by_pair m;
  pair_key k = {};
  snag::wait_group other;
  other.go([&] { m[k] = 1; });  // <- 1
  k[1] = 1;                     // <- 2
  other.wait();
}

RACE(TestRaceMapInsertPartVal) {
  std::unordered_map<int, std::array<int, 2>> m;
  std::array<int, 2> v = {};
  snag::wait_group other;
  other.go([&] { m[1] = v; });  // <- 1
  v[1] = 1;                     // <- 2
  other.wait();
}

RACE(TestRaceMapAssignMultipleReturn, "one of two results goes to where another goroutine reads") {
  std::unordered_map<int, std::vector<int>> connections = {{1, {0}}};
  std::string failure;
  const auto connect = [] { return std::pair<int, std::string>(42, "refused"); };
  snag::wait_group other;
  other.go([&] { std::tie(connections.at(1)[0], failure) = connect(); });  // <- 1
  use(connections.at(1)[0]);                                               // <- 2
  other.wait();
}

RACE(TestRaceMapBigKeyAccess1) {
  const by_big_key m = {{{1, 2}, 3}};
  big_key k = {};
  snag::wait_group other;
  other.go([&] { use(m.contains(k)); });  // <- 1
  k[30] = 1;                              // <- 2
  other.wait();
}

RACE(TestRaceMapBigKeyAccess2) {
  const by_big_key m = {{{1, 2}, 3}};
  big_key k = {};
  snag::wait_group other;
  other.go([&] {
    if (const auto found = m.find(k); found != m.end()) use(found->second);  // <- 1
  });
  k[30] = 1;  // <- 2
  other.wait();
}

RACE(TestRaceMapBigKeyInsert) {
  by_big_key m;
  big_key k = {};
  snag::wait_group other;
  other.go([&] { m[k] = 1; });  // <- 1
  k[30] = 1;                    // <- 2
  other.wait();
}

RACE(TestRaceMapBigKeyDelete) {
  by_big_key m = {{{1, 2}, 3}};
  big_key k = {};
  snag::wait_group other;
  other.go([&] { m.erase(k); });  // <- 1
  k[30] = 1;                      // <- 2
  other.wait();
}

RACE(TestRaceMapBigValInsert) {
  big_values m;
  big_value v = {};
  snag::wait_group other;
  other.go([&] { m[1] = v; });  // <- 1
  v[30] = 1;                    // <- 2
  other.wait();
}

RACE(TestRaceMapBigValAccess1) {
  const big_values m = {{1, {}}};
  big_value v = {};
  snag::wait_group other;
  other.go([&] { v = m.at(1); });  // <- 1
  v[30] = 1;                       // <- 2
  other.wait();
}

RACE(TestRaceMapBigValAccess2) {
  const big_values m = {{1, {}}};
  big_value v = {};
  snag::wait_group other;
  other.go([&] {
    if (const auto found = m.find(1); found != m.end()) v = found->second;  // <- 1
  });
  v[30] = 1;  // <- 2
  other.wait();
}
