// SPDX-License-Identifier: Apache-2.0
// Go's race detector's own cases about interfaces (src/runtime/race/testdata/mop_test.go): an interface with
// methods is a pointer to a base class here, and an empty one is std::any or std::variant.
#include <snag/snag.h>

#include <any>
#include <memory>
#include <variant>

#include "../case.h"
#include "accesses.h"

using cases::use;

namespace {

class shape {
 public:
  virtual ~shape() = default;
  virtual double area() const = 0;
  virtual double scaled_area(double by) const { return by * by * area(); }
};

class square final : public shape {
 public:
  double area() const override { return 4; }
};

class circle final : public shape {
 public:
  double area() const override { return 3.14; }
};

}  // namespace

RACE(TestRaceEfaceWW) {
  std::any value;
  cases::moment written;
  snag::wait_group other;
  other.go([&] {
    value = 1;  // <- 1
    written.arrive();
  });
  written.await();
  value = 2.5;  // <- 2
  other.wait();
}

RACE(TestRaceIfaceWW) {
  std::shared_ptr<shape> s;
  cases::moment written;
  snag::wait_group other;
  other.go([&] {
    s = std::make_shared<square>();  // <- 1
    written.arrive();
  });
  written.await();
  s = std::make_shared<circle>();  // <- 2
  other.wait();
}

RACE(TestRaceIfaceCmp) {
  std::variant<int, double> a = 1, b = 2.5;
  snag::wait_group other;
  other.go([&] { a = 2.5; });  // <- 1
  use(a == b);                 // <- 2
  other.wait();
}

RACE(TestRaceIfaceCmpNil) {
  std::unique_ptr<shape> s;
  snag::wait_group other;
  other.go([&] { s = std::make_unique<square>(); });  // <- 1
  use(s == nullptr);                                  // <- 2
  other.wait();
}

RACE(TestRaceEfaceConv) {
  int x = 0;
  snag::wait_group others;
  others.go([&] { others.go([](std::any) {}, std::any(x)); });  // <- 1
  x = 42;                                                       // <- 2
  others.wait();
}

RACE(TestRaceIfaceConv) {
  square here, there;
  square* p = &here;
  snag::wait_group others;
  others.go(
      [&] { others.go([](const shape* s) { use(s->area()); }, static_cast<const shape*>(p)); });  // <- 1
  p = &there;                                                                                     // <- 2
  others.wait();
}

RACE(TestRaceEmptyInterface1) {
  std::any value = 1;
  snag::wait_group other;
  other.go([&] { value = std::any(); });  // <- 1
  use(value.has_value());                 // <- 2
  other.wait();
}

RACE(TestRaceEmptyInterface2) {
  int x = 1;
  std::any value;
  snag::wait_group other;
  other.go([&] { value = &x; });  // <- 1
  use(value.has_value());         // <- 2
  other.wait();
}

RACE(TestRaceInterCall) {
  square four;
  circle round;
  const shape* s = &four;
  snag::wait_group other;
  other.go([&] { s = &round; });  // <- 1
  use(s->area());                 // <- 2
  other.wait();
}

RACE(TestRaceInterCall2) {
  circle round;
  const shape* const s = &round;
  double by = 1;
  snag::wait_group other;
  other.go([&] { by = 2; });  // <- 1
  use(s->scaled_area(by));    // <- 2
  other.wait();
}

RACE(TestRaceTypeAssert) {
  square four;
  circle round;
  const shape* s = &four;
  snag::wait_group other;
  other.go([&] { s = &round; });                   // <- 1
  use(dynamic_cast<const circle*>(s) == nullptr);  // <- 2
  other.wait();
}

RACE(TestRaceError) {
  snag::error problem;
  snag::wait_group other;
  other.go([&] { problem = snag::error("out of paper"); });  // <- 1
  use(problem ? 1 : 0);                                      // <- 2
  other.wait();
}
