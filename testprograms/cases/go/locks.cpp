// SPDX-License-Identifier: Apache-2.0
// Go's race detector's own cases about sync.Mutex and sync.RWMutex (src/runtime/race/testdata/mutex_test.go
// and rwmutex_test.go). A snag::mutex is unlocked by who locked it; where Go's cases unlock somebody else's,
// there is a semaphore here.
#include <snag/snag.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>

#include "../case.h"

using namespace std::chrono_literals;

NO_RACE(TestNoRaceMutex, "both write under one lock") {
  std::int16_t x = 0;
  snag::mutex m;
  snag::wait_group both;
  both.go([&] {
    const std::lock_guard lock(m);
    x = 1;
  });
  both.go([&] {
    m.lock();
    x = 2;
    m.unlock();
  });
  both.wait();
}

RACE(TestRaceMutex, "both write before they lock") {
  std::int16_t x = 0;
  snag::mutex m;
  snag::wait_group both;
  both.go([&] {
    x = 1;  // <- 1
    const std::lock_guard lock(m);
  });
  both.go([&] {
    x = 2;  // <- 2
    m.lock();
    m.unlock();
  });
  both.wait();
}

RACE(TestRaceMutex2, "each holds a lock of its own") {
  std::int8_t x = 0;
  snag::mutex first, second;
  snag::wait_group both;
  both.go([&] {
    const std::lock_guard lock(first);
    x = 1;  // <- 1
  });
  both.go([&] {
    second.lock();
    x = 2;  // <- 2
    second.unlock();
  });
  both.wait();
}

NO_RACE(TestNoRaceMutexPureHappensBefore,
        "neither holds the lock at its write, but a flag under it orders the two") {
  std::int16_t x = 0;
  bool written = false;
  snag::mutex m;
  snag::wait_group both;
  both.go([&] {
    x = 1;
    const std::lock_guard lock(m);
    written = true;
  });
  both.go([&] {
    std::unique_lock lock(m);
    while (!written) {
      lock.unlock();
      snag::sleep_for(100us);
      lock.lock();
    }
    lock.unlock();
    x = 2;
  });
  both.wait();
}

NO_RACE(TestNoRaceMutexSemaphore, "taken by one, given back by another") {
  int x = 0;
  snag::semaphore s(1);
  snag::wait_group both;
  s.acquire();
  both.go([&] {
    x = 1;
    s.release();
  });
  both.go([&] {
    s.acquire();
    x = 2;
    s.release();
  });
  both.wait();
}

NO_RACE(TestNoRaceMutexExampleFromHtml,
        "taken twice; the second time waits for what is given back in between") {
  std::string text;
  snag::semaphore s(1);
  snag::wait_group writer;
  s.acquire();
  writer.go([&] {
    text = "a text that is too long to lie in the string itself";
    s.release();
  });
  s.acquire();
  text += '.';
  writer.wait();
}

RACE(TestRaceMutexRWMutex, "each holds a lock of its own, of different kinds") {
  std::int16_t x = 0;
  snag::mutex first;
  snag::shared_mutex second;
  snag::wait_group both;
  both.go([&] {
    const std::lock_guard lock(first);
    x = 1;  // <- 1
  });
  both.go([&] {
    second.lock();
    x = 2;  // <- 2
    second.unlock();
  });
  both.wait();
}

NO_RACE(TestNoRaceRWMutex, "one writes under the lock, another reads under the shared lock") {
  std::int64_t x = 0, y = 1;
  snag::shared_mutex m;
  snag::wait_group both;
  both.go([&] {
    const std::lock_guard lock(m);
    x = 2;
  });
  both.go([&] {
    m.lock_shared();
    y = x;
    m.unlock_shared();
  });
  both.wait();
}

// Of three readers two are on the same side of the writer, however they come.
RACE(TestRaceRWMutexMultipleReaders, "readers that write") {
  std::int64_t x = 0, y = 1;
  snag::shared_mutex m;
  snag::wait_group all;
  all.go([&] {
    const std::lock_guard lock(m);
    x = 2;
  });
  for (int i = 1; i <= 3; ++i) {
    all.go([&, i] {
      const std::shared_lock lock(m);
      y = x + i;  // <- 1 2
    });
  }
  all.wait();
}

NO_RACE(TestNoRaceRWMutexMultipleReaders, "readers that write variables of their own") {
  std::int64_t x = 0, y[3] = {};
  snag::shared_mutex m;
  snag::wait_group all;
  all.go([&] {
    const std::lock_guard lock(m);
    x = 2;
  });
  for (int i = 0; i < 3; ++i) {
    all.go([&, i] {
      const std::shared_lock lock(m);
      y[i] = x + i;
    });
  }
  all.wait();
}

// The sleeps make it likely that both have read before. It is right in any order.
NO_RACE(TestNoRaceRWMutexTransitive, "the writer comes after each of the readers, not only after the last") {
  std::int64_t x = 0, seen[2] = {};
  snag::shared_mutex m;
  snag::wait_group readers;
  for (int i = 0; i < 2; ++i) {
    readers.go([&, i] {
      snag::sleep_for(i * 10ms);
      const std::shared_lock lock(m);
      seen[i] = x;
    });
  }
  snag::sleep_for(20ms);
  m.lock();
  x = 42;
  m.unlock();
  readers.wait();
}

// Nobody unlocks: whether the lock that is held is still there is open.
RACE(TestRaceMutexOverwrite, "one locks, another puts a new mutex in its place") {
  snag::mutex m;
  snag::wait_group writer;
  writer.go([&] {
    std::destroy_at(&m);    // <- 1
    std::construct_at(&m);  // <- 1
  });
  m.lock();  // <- 2
  writer.wait();
}
