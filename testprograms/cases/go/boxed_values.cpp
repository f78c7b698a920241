// SPDX-License-Identifier: Apache-2.0
// Go's race detector's own cases about values whose type only the running program knows, and about loops that
// are functions (src/runtime/race/testdata: issue12664_test.go, reflect_test.go, rangefunc_test.go). An
// interface is a std::any, a std::function or a class with virtual functions; a reflect.Value is a pointer of
// one of several types.
#include <snag/snag.h>

#include <algorithm>
#include <any>
#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "../case.h"
#include "../use.h"

namespace {

std::string greeting = "hello";

[[gnu::noinline]] void show(const std::any& anything) { use(anything.has_value()); }

struct announcement {
  int number = 0;
  void operator()() const { use(number); }
};
announcement latest;

[[gnu::noinline]] void run(const std::function<void()>& f) { f(); }

int from_anything = 0, from_instrument = 0;

struct instrument {
  virtual ~instrument() = default;
};

struct thermometer : instrument {
  int degrees = 20;
};

using some_pointer = std::variant<int*, double*>;

// A sequence that calls the loop's body for each element in a goroutine of its own, and waits for them.
template <class Body>
void for_each_in_parallel(int count, const Body& body) {
  snag::wait_group all;
  for (int i = 0; i < count; ++i) all.go([&body, i] { body(i); });
  all.wait();
}

}  // namespace

RACE(TestRaceIssue12664, "passing a global as an interface reads it") {
  snag::wait_group other;
  other.go([] { greeting = "bye"; });  // <- 1
  show(greeting);                      // <- 2
  other.wait();
}

RACE(TestRaceIssue12664_2, "an interface that has functions") {
  snag::wait_group other;
  other.go([] { latest.number = 1; });  // <- 1
  run(latest);                          // <- 2
  other.wait();
}

RACE(TestRaceIssue12664_3, "assigning what an interface holds writes") {
  std::any anything = 3;
  snag::wait_group other;
  other.go([] { from_anything = 1; });           // <- 1
  from_anything = std::any_cast<int>(anything);  // <- 2
  other.wait();
  use(from_anything);
}

RACE(TestRaceIssue12664_4, "an interface that has functions") {
  const thermometer outside;
  const instrument& anything = outside;
  snag::wait_group other;
  other.go([] { from_instrument = 1; });                                 // <- 1
  from_instrument = dynamic_cast<const thermometer&>(anything).degrees;  // <- 2
  other.wait();
  use(from_instrument);
}

RACE(TestRaceReflectRW) {
  int number = 0;
  const some_pointer value = &number;
  snag::wait_group other;
  other.go([&] { std::visit([](auto* held) { *held = 1; }, value); });  // <- 1
  std::visit([](const auto* held) { use(*held); }, value);              // <- 2
  other.wait();
}

RACE(TestRaceReflectWW) {
  int number = 0;
  const some_pointer value = &number;
  snag::wait_group other;
  other.go([&] { std::visit([](auto* held) { *held = 1; }, value); });  // <- 1
  std::visit([](auto* held) { *held = 2; }, value);                     // <- 2
  other.wait();
}

RACE(TestRaceReflectCopyWW, "a copy that knows bytes alone") {
  std::vector<double> to(3);
  const std::vector<double> from = {1, 2, 3};
  const std::span<const std::byte> source = std::as_bytes(std::span(from));
  const std::span<std::byte> destination = std::as_writable_bytes(std::span(to));
  snag::wait_group other;
  other.go([&] { std::ranges::copy(source, destination.begin()); });  // <- 1
  std::ranges::copy(source, destination.begin());                     // <- 2
  other.wait();
}

// A loop's body as a function has to remember that the loop was left.
RACE(TestRaceRangeFuncIterator, "the body that leaves the loop writes what the others read") {
  bool left = false;
  for_each_in_parallel(4, [&](int i) {
    if (left) return;  // <- 1
    use(i);
    if (i == 2) left = true;  // <- 2
  });
}

NO_RACE(TestNoRaceRangeFuncIterator, "nobody leaves the loop before its end") {
  bool left = false;
  for_each_in_parallel(4, [&](int i) {
    if (left) return;
    use(i);
  });
  left = true;
  use(left);
}
