// SPDX-License-Identifier: Apache-2.0
// Go's race detector's own cases about methods: their arguments, their receivers, methods as values, and
// those of an embedded type (src/runtime/race/testdata/mop_test.go). A method value is what std::bind makes
// here; an embedded type is a base class, an embedded pointer a member to which the call is passed on.
#include <snag/snag.h>

#include <functional>

#include "../case.h"
#include "accesses.h"

using cases::use;

namespace {

class reader {
 public:
  virtual ~reader() = default;
  virtual int length() const { return 1; }
};

class file_reader final : public reader {
 public:
  int length() const override { return 2; }
};

struct counter {
  int value = 0;

  int size() {  // of any counter: looks at none
    use(this);
    return 42;
  }
  int get() const { return value; }
  int plus(int more) const { return value + more; }
};

struct padding {
  int unused = 0;
};

// Gets a copy, as a value receiver of Go's does.
[[gnu::noinline]] int value_of(counter c) { return c.value; }

}  // namespace

RACE(TestRaceMethodCall) {
  counter c;
  int more = 0;
  snag::wait_group other;
  other.go([&] { use(c.plus(more)); });  // <- 1
  more = 42;                             // <- 2
  other.wait();
}

RACE(TestRaceMethodCall2) {
  counter here, there;
  counter* c = &here;
  snag::wait_group other;
  other.go([&] { use(c->size()); });  // <- 1
  c = &there;                         // <- 2
  other.wait();
}

RACE(TestRaceMethodValue) {
  counter c;
  snag::wait_group other;
  other.go([&] { use(std::bind(&counter::get, c)); });  // <- 1
  c.value = 42;                                         // <- 2
  other.wait();
}

RACE(TestRaceMethodValue2) {
  reader plain;
  file_reader of_file;
  const reader* r = &plain;
  snag::wait_group other;
  other.go([&] { use(std::bind(&reader::length, r)); });  // <- 1
  r = &of_file;                                           // <- 2
  other.wait();
}

RACE(TestRaceMethodValue3) {
  counter place;
  counter* const c = &place;
  snag::wait_group other;
  other.go([c] { use(std::bind(&counter::get, *c)); });  // <- 1
  *c = counter{42};                                      // <- 2
  other.wait();
}

NO_RACE(TestNoRaceMethodValue) {
  counter c;
  snag::wait_group other;
  other.go([&] { use(std::bind(&counter::get, &c)); });
  c.value = 42;
  other.wait();
}

NO_RACE(TestNoRaceMethodThunk) {
  struct derived : padding, counter {
  } d;
  snag::wait_group other;
  other.go([&] { use(d.size()); });
  d = derived{};
  other.wait();
}

RACE(TestRaceMethodThunk) {
  struct derived : padding {
    counter* embedded = nullptr;

    int size() { return embedded->size(); }  // <- 1
  };
  counter c;
  derived d{{}, &c};
  snag::wait_group other;
  other.go([&] { use(d.size()); });
  d = derived{{}, &c};  // <- 2
  other.wait();
}

RACE(TestRaceMethodThunk2) {
  struct derived : padding, counter {
  } d;
  snag::wait_group other;
  other.go([&] { use(value_of(d)); });  // <- 1
  d = derived{};                        // <- 2
  other.wait();
}

RACE(TestRaceMethodThunk3) {
  struct derived : padding {
    counter* embedded = nullptr;

    int get() { return value_of(*embedded); }  // <- 1
  };
  counter here, there;
  derived d{{}, &here};
  snag::wait_group other;
  other.go([&] { use(d.get()); });
  d.embedded = &there;  // <- 2
  other.wait();
}

RACE(TestRaceMethodThunk4) {
  struct derived : padding {
    counter* embedded = nullptr;

    int get() { return value_of(*embedded); }  // <- 1
  };
  counter c;
  derived d{{}, &c};
  snag::wait_group other;
  other.go([&] { use(d.get()); });
  *d.embedded = counter{42};  // <- 2
  other.wait();
}
