// SPDX-License-Identifier: Apache-2.0
// What has to be ordered about a wait group: the first add of a round with every wait, and what counts down
// with that add. By whatever means.
#include <snag/snag.h>

#include <atomic>
#include <cstdlib>
#include <functional>
#include <mutex>

#include "../case.h"

template <class F>
static void whatever_it_panics(F f) {
  try {
    f();
  } catch (const snag::panic_error&) {
  }
}

RACE(add_in_an_uncounted_goroutine, "the add that finds the group at zero, in every schedule") {
  snag::wait_group wg, all;
  for (int i = 0; i < 3; ++i)
    all.go([&] {
      whatever_it_panics([&] { wg.add(1); });  // <- 1
      whatever_it_panics([&] { wg.done(); });
    });
  whatever_it_panics([&] { wg.wait(); });  // <- 2
  all.wait();
}

RACE(wait_that_has_nothing_to_wait_for, "all was done before, by luck") {
  snag::wait_group wg;
  std::atomic<bool> over = false;
  snag::chan<void> really;
  snag::go([&] {
    wg.go([] {});  // <- 1
    over.store(true, std::memory_order_relaxed);
    really.close();
  });
  while (!over.load(std::memory_order_relaxed)) snag::yield();
  wg.wait();  // <- 2
  really.recv();
}

RACE(done_before_the_message_that_it_works_on_is_counted) {
  snag::chan<int> jobs(1);
  snag::wait_group wg, all;
  all.go([&] {
    jobs.recv();
    whatever_it_panics([&] { wg.done(); });  // <- 1
  });
  jobs << 1;
  wg.add(1);  // <- 2
  all.wait();
}

NO_RACE(a_tree_of_tasks, "each counts its children in while it is counted itself") {
  snag::wait_group wg;
  std::atomic<int> leaves = 0;
  std::function<void(int)> grow = [&](int depth) {
    if (depth == 0) {
      ++leaves;
    } else {
      for (int i = 0; i < 2; ++i) wg.go([&, depth] { grow(depth - 1); });
    }
  };
  wg.go([&] { grow(5); });
  wg.wait();
  if (leaves != 32) std::abort();
}

NO_RACE(a_stopper_with_a_flag, "who finds the flag does not add any more") {
  snag::mutex m;
  bool stopping = false;
  snag::wait_group wg, all;
  for (int i = 0; i < 3; ++i)
    all.go([&] {
      const std::lock_guard hold(m);
      if (stopping) return;
      wg.go([] { snag::yield(); });
    });
  {
    const std::lock_guard hold(m);
    stopping = true;
  }
  wg.wait();
  all.wait();
}

NO_RACE(rounds_that_several_wait_for, "the next one begins when the last one who waits has told so") {
  snag::wait_group wg;
  snag::chan<void> returned(3);
  for (int round = 0; round < 4; ++round) {
    wg.add(2);
    for (int i = 0; i < 3; ++i)
      snag::go([=] {
        wg.wait();
        returned.send();
      });
    for (int i = 0; i < 2; ++i) snag::go([=] { wg.done(); });
    for (int i = 0; i < 3; ++i) returned.recv();
  }
}

NO_RACE(the_group_goes_from_hand_to_hand, "each owner has its round") {
  snag::chan<snag::wait_group> owner(1);
  snag::wait_group all;
  for (int i = 0; i < 3; ++i)
    all.go([=] {
      const snag::wait_group wg = owner.recv();
      wg.go([] { snag::yield(); });
      wg.wait();
      owner << wg;
    });
  owner << snag::wait_group();
  all.wait();
}

NO_RACE(others_are_done_for_whom_the_first_add_does_not_count, "each add comes before its own done") {
  snag::wait_group wg, all;
  snag::chan<void> added(2);
  for (int i = 0; i < 2; ++i)
    all.go([&] {
      wg.add(1);
      added.send();
      wg.done();
    });
  added.recv();
  added.recv();
  wg.wait();
  all.wait();
}

NO_RACE(counted_for_a_worker_that_others_start, "counts go with the messages") {
  snag::chan<int> jobs(4);
  snag::wait_group wg, workers;
  for (int i = 0; i < 2; ++i)
    workers.go([&] {
      for ([[maybe_unused]] int job : jobs) wg.done();
    });
  for (int round = 0; round < 3; ++round) {
    for (int job = 0; job < 5; ++job) {
      wg.add(1);
      jobs << job;
    }
    wg.wait();
  }
  jobs.close();
  workers.wait();
}
