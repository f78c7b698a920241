// SPDX-License-Identifier: Apache-2.0
// Go's race detector's own cases about sync.WaitGroup (src/runtime/race/testdata/waitgroup_test.go), with
// add() and done() written out where a case is about them. A group in the way of the case's own is called
// `all`.
#include <snag/snag.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <cstring>

#include "../case.h"

using namespace std::chrono_literals;

NO_RACE(TestNoRaceWaitGroup, "one worker, waited for") {
  int x = 0;
  snag::wait_group wg;
  for (int i = 0; i < 1; ++i) {
    wg.add(1);
    snag::go([&x, wg, i] {
      x = i;
      wg.done();
    });
  }
  wg.wait();
}

RACE(TestRaceWaitGroup, "two workers are not ordered with one another") {
  int x = 0;
  snag::wait_group wg;
  for (int i = 0; i < 2; ++i) {
    wg.add(1);
    snag::go([&x, wg, i] {
      x = i;  // <- 1 2
      wg.done();
    });
  }
  wg.wait();
}

NO_RACE(TestNoRaceWaitGroup2, "done comes before the end of the wait") {
  int x = 0;
  snag::wait_group wg;
  wg.add(1);
  snag::go([&x, wg] {
    x = 1;
    wg.done();
  });
  wg.wait();
  x = 2;
}

// Both have waited before either adds.
RACE(TestRaceWaitGroupAsMutex, "waiting, adding one and taking it off again is no lock") {
  int x = 0;
  snag::wait_group wg, waited, all;
  waited.add(2);
  for (int i = 1; i <= 2; ++i) {
    all.go([&, i] {
      wg.wait();
      waited.done();
      waited.wait();
      wg.add(1);
      x = i;  // <- 1 2
      wg.add(-1);
    });
  }
  all.wait();
}

// An add that meets a wait is misuse of the group, too, and panics if that is noticed.
template <class F>
static void despite_misuse(F f) {
  try {
    f();
  } catch (const snag::panic_error&) {
  }
}

RACE(TestRaceWaitGroupWrongWait, "workers that add themselves: too late, and not ordered with one another") {
  int x = 0;
  snag::wait_group wg, all;
  for (int i = 1; i <= 2; ++i) {
    all.go([&, i] {
      despite_misuse([&] { wg.add(1); });  // <- 1 2
      snag::yield();
      x = i;  // <- 1 2
      despite_misuse([&] { wg.done(); });
    });
  }
  despite_misuse([&] { wg.wait(); });  // <- 1 2
  all.wait();
}

NO_RACE(TestNoRaceWaitGroupMultipleWait, "many may wait for nobody") {
  snag::wait_group wg, all;
  all.go([=] { wg.wait(); });
  all.go([=] { wg.wait(); });
  wg.wait();
  all.wait();
}

NO_RACE(TestNoRaceWaitGroupMultipleWait2, "workers wait for one another") {
  int x[2] = {};
  snag::wait_group wg, all;
  wg.add(2);
  for (int i = 0; i < 2; ++i) {
    all.go([&x, wg, i] {
      x[i] = 1;
      wg.done();
      wg.wait();
      [[maybe_unused]] volatile int seen = x[1 - i];
    });
  }
  wg.wait();
  all.wait();
}

NO_RACE(TestNoRaceWaitGroupMultipleWait3, "each waiter may read what every worker wrote") {
  std::array<int, 3> data{}, sums{};
  snag::wait_group wg, all;
  wg.add(3);
  for (int i = 0; i < 3; ++i) {
    snag::go([&data, wg, i] {
      data[i] = 42;
      wg.done();
    });
  }
  for (int i = 0; i < 3; ++i) {
    all.go([&, wg, i] {
      wg.wait();
      for (int value : data) sums[i] += value;
    });
  }
  all.wait();
}

RACE(TestRaceWaitGroup2, "two workers, both waited for, write the same") {
  int x = 0;
  snag::wait_group wg;
  wg.add(2);
  snag::go([&x, wg] {
    x = 1;  // <- 1
    wg.done();
  });
  snag::go([&x, wg] {
    x = 2;  // <- 2
    wg.done();
  });
  wg.wait();
}

static void take_one_off_none() {
  const snag::wait_group wg;
  try {
    wg.add(-1);
  } catch (const snag::panic_error& problem) {
    if (std::strcmp(problem.what(), "sync: negative WaitGroup counter") == 0) return;
  }
  std::abort();
}

NO_RACE(TestNoRaceWaitGroupPanicRecover, "a panic that is caught is nobody else's") {
  int x = 1;
  take_one_off_none();
  x = 2;
}

NO_RACE(TestNoRaceWaitGroupPanicRecover2, "who is started after a panic comes after what was before it") {
  int x = 0;
  snag::wait_group all;
  all.go([&] {
    x = 1;
    take_one_off_none();
    all.go([&] { x = 2; });
  });
  all.wait();
}

NO_RACE(TestNoRaceWaitGroupTransitive, "the wait comes after each worker, not only after the last") {
  int x = 0, y = 0;
  snag::wait_group wg;
  wg.add(2);
  snag::go([&x, wg] {
    x = 42;
    wg.done();
  });
  snag::go([&y, wg] {
    snag::sleep_for(10ms);
    y = 42;
    wg.done();
  });
  wg.wait();
  x += 1;
  y += 1;
}

NO_RACE(TestNoRaceWaitGroupReuse, "round after round with one group") {
  std::array<int, 3> data{};
  snag::wait_group wg;
  for (int round = 0; round < 3; ++round) {
    wg.add(3);
    for (int i = 0; i < 3; ++i) {
      snag::go([&data, wg, i] {
        data[i] += 1;
        wg.done();
      });
    }
    wg.wait();
    for (int& value : data) value += 1;
  }
}

NO_RACE(TestNoRaceWaitGroupReuse2, "round after round, and a second one who waits") {
  std::array<int, 3> data{};
  snag::wait_group wg;
  for (int round = 0; round < 3; ++round) {
    wg.add(3);
    for (int i = 0; i < 3; ++i) {
      snag::go([&data, wg, i] {
        data[i] += 1;
        wg.done();
      });
    }
    snag::chan<bool> done;
    snag::go([&data, wg, done] {
      wg.wait();
      for (int& value : data) value += 1;
      done << true;
    });
    wg.wait();
    done.recv();
    for (int& value : data) value += 1;
  }
}

// The group itself is used as it should be: the second wait has returned before the next round adds.
RACE(TestRaceWaitGroupReuse, "the second one who waits is still at the data when the next round begins") {
  std::array<int, 3> data{};
  snag::wait_group wg, all;
  for (int round = 0; round < 3; ++round) {
    wg.add(3);
    for (int i = 0; i < 3; ++i) {
      snag::go([&data, wg, i] {
        data[i] += 1;  // <- 1 2
        wg.done();
      });
    }
    snag::chan<bool> waited;
    all.go([&data, wg, waited] {
      wg.wait();
      waited << true;
      for (int& value : data) value += 1;  // <- 1 2
    });
    wg.wait();
    waited.recv();
  }
  all.wait();
}

NO_RACE(TestNoRaceWaitGroupConcurrentAdd, "workers may add themselves while nobody waits yet") {
  snag::chan<bool> added(4);
  snag::wait_group wg;
  for (int i = 0; i < 4; ++i) {
    snag::go([=] {
      wg.add(1);
      added << true;
      wg.done();
    });
  }
  for (int i = 0; i < 4; ++i) added.recv();
  wg.wait();
}

RACE(TestRaceWaitGroupWrongAdd, "the first add and the first wait") {
  snag::wait_group wg, all;
  for (int i = 0; i < 2; ++i) {
    all.go([&] {
      wg.add(1);  // <- 1
      snag::sleep_for(100ms);
      wg.done();
    });
  }
  snag::sleep_for(50ms);
  wg.wait();  // <- 2
  all.wait();
}
