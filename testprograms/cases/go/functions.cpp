// SPDX-License-Identifier: Apache-2.0
// Go's race detector's own cases about functions: their arguments, several results at once, and variables
// that hold functions (src/runtime/race/testdata/mop_test.go).
#include <snag/snag.h>

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "../case.h"
#include "accesses.h"

using cases::use;

namespace {

[[gnu::noinline]] int sum_of(int a, int b) { return a + b; }
[[gnu::noinline]] int product_of(int a, int b) { return a * b; }

int place = 42;
std::pair<int, int> two_numbers() { return {42, 43}; }
std::pair<int*, int> pointer_and_number() { return {&place, 43}; }
std::pair<int, int*> number_and_pointer() { return {42, &place}; }

}  // namespace

RACE(TestRaceFuncArgument) {
  int x = 0;
  snag::wait_group other;
  other.go([&] { use(sum_of(x, 1)); });  // <- 1
  x = 2;                                 // <- 2
  other.wait();
}

RACE(TestRaceFuncArgument2) {
  int x = 0;
  snag::wait_group others;
  others.go([&] { x = 42; });               // <- 1
  others.go([](int got) { use(got); }, x);  // <- 2
  others.wait();
}

RACE(TestRaceSprint) {
  int x = 0;
  snag::wait_group other;
  other.go([&] { snag::println("x is {}", x); });  // <- 1
  x = 1;                                           // <- 2
  other.wait();
}

RACE(TestRaceFuncVariableRW) {
  int (*f)(int, int) = sum_of;
  snag::wait_group other;
  other.go([&] { f = product_of; });  // <- 1
  use(f(2, 3));                       // <- 2
  other.wait();
}

RACE(TestRaceFuncVariableWW) {
  std::function<int(int, int)> f;
  cases::moment written;
  snag::wait_group other;
  other.go([&] {
    f = sum_of;  // <- 1
    written.arrive();
  });
  written.await();
  f = product_of;  // <- 2
  other.wait();
}

NO_RACE(TestNoRaceFuncArgsRW) {
  int x = 1;
  snag::wait_group other;
  other.go([](int got) { use(got); }, x);
  x = 2;
  use(x);
  other.wait();
}

RACE(TestRaceFuncArgsRW) {
  int x = 1;
  snag::wait_group other;
  other.go([](int* got) { use(*got); }, &x);  // <- 1
  x = 2;                                      // <- 2
  other.wait();
}

RACE(TestRaceFuncItself) {
  std::function<int()> f = [] { return 1; };
  cases::moment called;
  snag::wait_group other;
  other.go([&] {
    use(f());  // <- 1
    called.arrive();
  });
  called.await();
  f = [] { return 2; };  // <- 2
  other.wait();
}

// The result is stored after the call, and so under the lock that the call took.
NO_RACE(TestNoRaceFuncUnlock) {
  int x = 0;
  snag::mutex m;
  const auto lock_and_answer = [&] {
    m.lock();
    return 1;
  };
  snag::wait_group other;
  other.go([&] {
    const std::lock_guard hold(m);
    x = 42;
  });
  x = lock_and_answer();
  m.unlock();
  other.wait();
}

RACE(TestRaceFuncCall) {
  int x = 0, y = 0;
  const auto add = [](int a, int b) { return a + b; };
  snag::wait_group other;
  other.go([&] { y = add(x, 3); });  // <- 1
  x = 42;                            // <- 2
  other.wait();
  use(y);
}

RACE(TestRaceBlockCall1) {
  int x = 0, y = 0;
  snag::wait_group other;
  other.go([&] { std::tie(x, y) = two_numbers(); });  // <- 1
  use(x);                                             // <- 2
  other.wait();
}

RACE(TestRaceBlockCall2) {
  int x = 0, y = 0;
  snag::wait_group other;
  other.go([&] { std::tie(x, y) = two_numbers(); });  // <- 1
  use(y);                                             // <- 2
  other.wait();
}

RACE(TestRaceBlockCall3) {
  int* x = nullptr;
  int y = 0;
  snag::wait_group other;
  other.go([&] { std::tie(x, y) = pointer_and_number(); });  // <- 1
  use(x);                                                    // <- 2
  other.wait();
}

RACE(TestRaceBlockCall4) {
  int x = 0;
  int* y = nullptr;
  snag::wait_group other;
  other.go([&] { std::tie(x, y) = number_and_pointer(); });  // <- 1
  use(y);                                                    // <- 2
  other.wait();
}

RACE(TestRaceBlockCall5) {
  int* x = nullptr;
  int y = 0;
  snag::wait_group other;
  other.go([&] { std::tie(x, y) = pointer_and_number(); });  // <- 1
  use(y);                                                    // <- 2
  other.wait();
}

RACE(TestRaceBlockCall6) {
  int x = 0;
  int* y = nullptr;
  snag::wait_group other;
  other.go([&] { std::tie(x, y) = number_and_pointer(); });  // <- 1
  use(x);                                                    // <- 2
  other.wait();
}

RACE(TestRaceAsFunc1) {
  std::vector<char> letters;
  snag::error problem;
  cases::moment written;
  const auto load = [] { return std::pair(std::vector{'p', 'e', 'n'}, snag::error()); };  // <- 1
  snag::wait_group other;
  other.go([&] {
    std::tie(letters, problem) = load();  // <- 1
    written.arrive();
  });
  written.await();
  use(std::string(letters.begin(), letters.end()));  // <- 2
  other.wait();
}

RACE(TestRaceAsFunc2) {
  int x = 0;
  const auto take = [](int got) { use(got); };
  snag::wait_group other;
  other.go([&] { take(x); });  // <- 1
  x = 42;                      // <- 2
  other.wait();
}

// The argument is read before the function it is for takes the lock.
RACE(TestRaceAsFunc3) {
  int x = 0;
  snag::mutex m;
  cases::moment written;
  const auto lock_and_use = [&](int got) {
    const std::lock_guard hold(m);
    use(got);
  };
  snag::wait_group other;
  other.go([&] {
    written.await();
    lock_and_use(x);  // <- 1
  });
  {
    const std::lock_guard hold(m);
    x = 42;  // <- 2
  }
  written.arrive();
  other.wait();
}

NO_RACE(TestNoRaceAsFunc4) {
  int x = 0;
  snag::mutex m;
  const auto lock_and_answer = [&](int answer) {
    m.lock();
    return answer;
  };
  snag::wait_group both;
  for (const int next : {1, 2}) {
    both.go([&, next] {
      x = lock_and_answer(next);
      m.unlock();
    });
  }
  both.wait();
  use(x);
}
