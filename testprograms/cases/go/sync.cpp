// SPDX-License-Identifier: Apache-2.0
// Go's race detector's own cases about conditions, and about goroutines that start goroutines
// (src/runtime/race/testdata/sync_test.go). Those about time.AfterFunc are in time.cpp.
#include <snag/snag.h>

#include <mutex>
#include <shared_mutex>
#include <system_error>

#include "../case.h"

NO_RACE(TestNoRaceCond, "what comes before the notification's lock comes before what follows the wait") {
  int x = 0;
  bool ready = false;
  snag::mutex m;
  snag::condition_variable changed;
  snag::wait_group writer;
  writer.go([&] {
    x = 1;
    const std::lock_guard lock(m);
    ready = true;
    changed.notify_one();
  });
  {
    std::unique_lock lock(m);
    while (!ready) changed.wait(lock);
  }
  x = 2;
  writer.wait();
}

// The channel `left` makes sure that the waiter has given the lock back before the writer takes it again.
RACE(TestRaceCond, "what the writer does after the notification is not ordered with what follows the wait") {
  int x = 0;
  bool ready = false;
  snag::mutex m;
  snag::condition_variable changed;
  snag::chan<void> left;
  snag::wait_group writer;
  writer.go([&] {
    x = 1;
    {
      const std::lock_guard lock(m);
      ready = true;
      changed.notify_one();
    }
    left.recv();
    const std::lock_guard lock(m);
    x = 3;  // <- 1
  });
  {
    std::unique_lock lock(m);
    while (!ready) changed.wait(lock);
  }
  left.close();
  x = 2;  // <- 2
  writer.wait();
}

RACE(TestRaceAnnounceThreads, "children and grandchildren write what their parents write") {
  int x = 0;
  snag::wait_group all;
  const auto cousins = [&] {
    for (int i = 0; i < 2; ++i) {
      all.go([&] {
        x = 1;  // <- 1 2
      });
    }
  };
  const auto parent = [&] {
    x = 1;
    all.go(cousins);
    all.go([&] {
      x = 1;  // <- 1 2
    });
    x = 2;  // <- 1 2
  };
  const auto grandparent = [&] {
    x = 1;
    x = 2;
    all.go(parent);
  };
  all.go(grandparent);
  all.wait();
}

RACE(TestRaceGoroutineCreationStack, "the writer is started by the fourth of a chain") {
  int x = 0;
  snag::chan<bool> done(1);
  const auto first = [&] {
    x = 1;  // <- 1
    done << true;
  };
  const auto second = [&] { snag::go(first); };
  const auto third = [&] { snag::go(second); };
  const auto fourth = [&] { snag::go(third); };
  snag::go(fourth);
  x = 2;  // <- 2
  done.recv();
}

// Go's case locks a nil pointer to a lock, and recovers from the panic. A lock of no mutex throws.
NO_RACE(TestNoRaceNilMutexCrash, "locking no mutex fails, and other mutexes work as before") {
  int failures = 0;
  snag::mutex m;
  try {
    std::shared_lock<snag::shared_mutex> none;
    none.lock();
  } catch (const std::system_error&) {
    m.lock();
    failures += 1;
    m.unlock();
  }
}
