// SPDX-License-Identifier: Apache-2.0
// Go's race detector's own cases about switch, for and range (src/runtime/race/testdata/mop_test.go): what a
// condition reads, and what a branch does that is taken, or is not.
#include <snag/snag.h>

#include <array>
#include <cstddef>
#include <unordered_map>
#include <variant>
#include <vector>

#include "../case.h"
#include "accesses.h"

using cases::opaque;
using cases::use;

NO_RACE(TestNoRaceCase) {
  int y = 0;
  for (int x = -1; x <= 1; ++x) {
    switch (opaque(x)) {
      case -1:
        y += 1;
        break;
      case 0:
        y += 10;
        break;
      case 1:
        y += 100;
        break;
    }
  }
  use(y);
}

RACE(TestRaceCaseCondition) {
  int x = 0, y = 0;
  snag::wait_group other;
  other.go([&] { x = 2; });  // <- 1
  switch (x) {               // <- 2
    case 1:
      y = 10;
      break;
    case 2:
      y = 25;
      break;
    default:
      y = 50;
  }
  other.wait();
  use(y);
}

RACE(TestRaceCaseCondition2) {
  int x = 0, y = 0;
  snag::wait_group other;
  other.go([&] { x = 2; });           // <- 1
  switch (static_cast<int>(x < 2)) {  // <- 2
    default:
      y = 7;
      break;
    case 1:
      y = 4;
      break;
  }
  other.wait();
  use(y);
}

RACE(TestRaceCaseBody) {
  int y = 0;
  snag::wait_group other;
  other.go([&] { use(y); });  // <- 1
  switch (opaque(0)) {
    case 1:
      use(1);
      break;
    default:
      y = 2;  // <- 2
  }
  other.wait();
}

NO_RACE(TestNoRaceCaseFallthrough) {
  int y = 0, z = 0;
  snag::wait_group other;
  other.go([&] { y = 1; });
  switch (opaque(0)) {
    case 1:
      y = 2;
      [[fallthrough]];
    case 0:
      z = 3;
      [[fallthrough]];
    default:
      z += 4;
  }
  other.wait();
  use(z);
}

RACE(TestRaceCaseFallthrough) {
  int y = 0, z = 0;
  snag::wait_group other;
  other.go([&] { use(y); });  // <- 1
  switch (opaque(0)) {
    case 0:
      z = 3;
      [[fallthrough]];
    case 1:
      y = 2;  // <- 2
  }
  other.wait();
  use(z);
}

RACE(TestRaceCaseIssue6418) {
  std::unordered_map<int, std::unordered_map<int, int>> rows;
  rows[1].reserve(8);  // the table stays where it is, whatever is found in it
  int seen = 0;
  snag::wait_group other;
  other.go([&] { rows.at(1).emplace(2, 3); });  // <- 1
  switch (rows.at(1).count(2)) {                // <- 2
    case 0:
      seen = 5;
      break;
    case 1:
      seen = 6;
      break;
  }
  other.wait();
  use(seen);
}

RACE(TestRaceCaseType) {
  std::variant<int, double> number = 1;
  int kind = 0;
  snag::wait_group other;
  other.go([&] { number = 2.5; });  // <- 1
  switch (number.index()) {         // <- 2
    case 0:
      kind = 3;
      break;
    case 1:
      kind = 4;
      break;
  }
  other.wait();
  use(kind);
}

RACE(TestRaceCaseTypeBody) {
  int x = 0;
  const std::variant<int, int*> value = &x;
  snag::wait_group other;
  other.go([&] { x = 1; });  // <- 1
  switch (value.index()) {
    case 0:
      use(std::get<int>(value));
      break;
    case 1:
      *std::get<int*>(value) = 2;  // <- 2
      break;
  }
  other.wait();
}

RACE(TestRaceCaseTypeIssue5890) {
  using value = std::variant<int, double>;
  std::unordered_map<int, std::unordered_map<int, value>> rows;
  rows[1].reserve(8);
  int seen = 0;
  snag::wait_group other;
  other.go([&] { rows.at(1).emplace(2, 2.5); });  // <- 1
  const auto kind_of = [&](int key) {
    const auto found = rows.at(1).find(key);                             // <- 2
    return found == rows.at(1).end() ? -1 : int(found->second.index());  // <- 2
  };
  switch (kind_of(2)) {
    case 0:
      seen = 5;
      break;
    case 1:
      seen = 6;
      break;
  }
  other.wait();
  use(seen);
}

NO_RACE(TestNoRaceRange) {
  const std::array<int, 3> numbers = {1, 2, 3};
  snag::chan<int> all(3);
  for (const int x : numbers) all << x;
  all.close();
  int sum = 0;
  for (const int x : all) sum += x;
  use(sum);
}

NO_RACE(TestNoRaceRangeIssue5446) {
  std::vector<int> to = {1, 2, 3};
  const std::vector<int> from = {4};
  snag::chan<std::size_t> places(3);
  std::size_t i = 2;
  for (const int next : from) {
    to[i] = next;
    places << i;
  }
  places.close();
  for (const std::size_t place : places) use(to[place]);
}

RACE(TestRaceRange) {
  int x = 0;  // of both rounds, as in Go before 1.22
  snag::wait_group readers;
  for (const int next : {1, 2}) {
    x = next;                     // <- 1
    readers.go([&] { use(x); });  // <- 2
  }
  readers.wait();
}

RACE(TestRaceForInit) {
  int x = 0;
  snag::wait_group other;
  other.go([&] { use(x); });      // <- 1
  for (x = 42; opaque(false);) {  // <- 2
  }
  other.wait();
}

NO_RACE(TestNoRaceForInit) {
  int x = 0;
  snag::chan<void> turn;
  snag::wait_group other;
  other.go([&] {
    turn.recv();
    ++x;
    turn.recv();
    ++x;
  });
  int i = 0;
  for (x = 42; i < 2; ++i) turn.send();
  other.wait();
}

RACE(TestRaceForTest) {
  bool stop = false;
  int rounds = 0;
  snag::wait_group other;
  other.go([&] { stop = true; });  // <- 1
  for (; !stop;)                   // <- 2
    if (++rounds == 3) break;
  other.wait();
  use(rounds);
}

RACE(TestRaceForIncr) {
  int x = 0;
  snag::wait_group other;
  other.go([&] { ++x; });                             // <- 1
  for (bool first = true; first; ++x) first = false;  // <- 2
  other.wait();
}

NO_RACE(TestNoRaceForIncr) {
  int x = 0;
  snag::wait_group other;
  other.go([&] { ++x; });
  for (int i = 0; i < 1; ++x)
    if (opaque(true)) break;
  other.wait();
}

RACE(TestRaceAnd) {
  int x = 0, y = opaque(0);
  snag::wait_group other;
  other.go([&] { x = 1; });      // <- 1
  if (x == 1 && y == 1) use(y);  // <- 2
  other.wait();
}

RACE(TestRaceAnd2) {
  int x = opaque(0), y = 0;
  snag::wait_group other;
  other.go([&] { y = 1; });      // <- 1
  if (x == 0 && y == 1) use(x);  // <- 2
  other.wait();
}

NO_RACE(TestNoRaceAnd) {
  int x = opaque(0), y = 0;
  snag::wait_group other;
  other.go([&] { y = 1; });
  if (x == 1 && y == 1) use(x);
  other.wait();
}

RACE(TestRaceOr) {
  int x = 0, y = opaque(0);
  snag::wait_group other;
  other.go([&] { x = 1; });      // <- 1
  if (x == 1 || y == 1) use(y);  // <- 2
  other.wait();
}

RACE(TestRaceOr2) {
  int x = opaque(0), y = 0;
  snag::wait_group other;
  other.go([&] { y = 1; });      // <- 1
  if (x == 1 || y == 1) use(x);  // <- 2
  other.wait();
}

NO_RACE(TestNoRaceOr) {
  int x = opaque(0), y = 0;
  snag::wait_group other;
  other.go([&] { y = 1; });
  if (x == 0 || y == 1) use(x);
  other.wait();
}

NO_RACE(TestNoRaceShortCalc) {
  int x = opaque(0), y = 0;
  snag::wait_group other;
  other.go([&] { y = 1; });
  const bool either = x == 0 || y == 0;
  other.wait();
  use(either);
}

NO_RACE(TestNoRaceShortCalc2) {
  int x = opaque(0), y = 0;
  snag::wait_group other;
  other.go([&] { y = 1; });
  const bool both = x == 1 && y == 0;
  other.wait();
  use(both);
}
