// SPDX-License-Identifier: Apache-2.0
// std::atomic_flag: test_and_set is a read-modify-write, clear a store, test a load; each in any order of its
// kind.
#include "litmus.h"

namespace {

void lock_and_unlock(std::memory_order lock, std::memory_order unlock) {
  int data = 0;
  std::atomic_flag is_locked;
  const auto enter = [&] {
    while (is_locked.test_and_set(lock)) snag::yield();
    ++data;
    is_locked.clear(unlock);
  };
  in_goroutines(enter, enter);
}

void set_and_test(std::memory_order set, std::memory_order test) {
  int data = 0;
  std::atomic_flag flag;
  in_threads(
      [&] {
        data = 1;
        flag.test_and_set(set);
      },
      [&] {
        while (!flag.test(test)) snag::yield();
        look_at(data);
      });
}

void clear_and_test(std::memory_order clear, std::memory_order test) {
  int data = 0;
  std::atomic_flag flag;
  flag.test_and_set(relaxed);
  in_threads(
      [&] {
        data = 1;
        flag.clear(clear);
      },
      [&] {
        while (flag.test(test)) snag::yield();
        look_at(data);
      });
}

}  // namespace

NO_RACE(lock_by_acquire_and_release, "[atomics.order]/2: test_and_set reads from the release clear") {
  lock_and_unlock(acquire, release);
}

NO_RACE(lock_by_seq_cst, "[atomics.flag]: the default") { lock_and_unlock(seq_cst, seq_cst); }

NO_RACE(lock_by_acq_rel, "[atomics.order]/2: test_and_set reads from the release clear") {
  lock_and_unlock(acq_rel, release);
}

RACE(lock_by_relaxed_test_and_set, "[atomics.order]/1: who enters acquires nothing") {
  lock_and_unlock(relaxed, release);
}

RACE(lock_by_release_test_and_set, "[atomics.order]/1: release is no acquire operation") {
  lock_and_unlock(release, release);
}

RACE(lock_with_relaxed_clear, "[atomics.order]/1: who leaves releases nothing") {
  lock_and_unlock(acquire, relaxed);
}

NO_RACE(set_release_test_acquire, "[atomics.order]/2: the test reads what the release operation wrote") {
  set_and_test(release, acquire);
}

RACE(set_relaxed_test_acquire, "[atomics.order]/1: relaxed is no release operation") {
  set_and_test(relaxed, acquire);
}

RACE(set_acquire_test_acquire, "[atomics.order]/1: acquire is no release operation") {
  set_and_test(acquire, acquire);
}

RACE(set_release_test_relaxed, "[atomics.order]/1: a relaxed test is no acquire operation") {
  set_and_test(release, relaxed);
}

NO_RACE(clear_release_test_acquire, "[atomics.order]/2: the test reads from the release clear") {
  clear_and_test(release, acquire);
}

RACE(clear_relaxed_test_acquire, "[atomics.order]/1: a relaxed clear is no release operation") {
  clear_and_test(relaxed, acquire);
}

RACE(clear_release_test_relaxed, "[atomics.order]/1: a relaxed test is no acquire operation") {
  clear_and_test(release, relaxed);
}

NO_RACE(functions_on_a_flag, "[atomics.flag]: the same operations") {
  int data = 0;
  std::atomic_flag flag;
  in_goroutines(
      [&] {
        data = 1;
        std::atomic_flag_test_and_set_explicit(&flag, release);
      },
      [&] {
        while (!flag.test(acquire)) snag::yield();
        look_at(data);
      });
}

RACE(relaxed_functions_on_a_flag, "[atomics.flag]: the same operations") {
  int data = 0;
  std::atomic_flag flag;
  in_goroutines(
      [&] {
        data = 1;  // <- 1
        std::atomic_flag_test_and_set_explicit(&flag, relaxed);
      },
      [&] {
        while (!flag.test()) snag::yield();
        look_at(data);  // <- 2
      });
}

NO_RACE(set_twice, "[intro.races]/5: the second test_and_set writes as well, and continues the sequence") {
  int data = 0;
  std::atomic_flag flag;
  std::atomic<int> set_again = 0;
  in_threads(
      [&] {
        data = 1;
        flag.test_and_set(release);
      },
      [&] {
        while (!flag.test(relaxed)) snag::yield();
        check(flag.test_and_set(relaxed));
        set_again.store(1, release);
      },
      [&] {
        await(set_again, 1, acquire);
        check(flag.test(acquire));
        look_at(data);
      });
}

RACE(set_and_cleared, "[intro.races]/5: a clear is a store, and ends the sequence") {
  int data = 0;
  std::atomic_flag flag;
  std::atomic<int> is_cleared = 0;
  in_threads(
      [&] {
        data = 1;  // <- 1
        flag.test_and_set(release);
      },
      [&] {
        while (!flag.test(relaxed)) snag::yield();
        flag.clear(relaxed);
        is_cleared.store(1, release);
      },
      [&] {
        await(is_cleared, 1, acquire);
        check(!flag.test(acquire));
        look_at(data);  // <- 2
      });
}

NO_RACE(flag_and_fences, "[atomics.fences]/2: relaxed operations between two fences") {
  int data = 0;
  std::atomic_flag flag;
  in_goroutines(
      [&] {
        data = 1;
        std::atomic_thread_fence(release);
        flag.test_and_set(relaxed);
      },
      [&] {
        while (!flag.test(relaxed)) snag::yield();
        std::atomic_thread_fence(acquire);
        look_at(data);
      });
}

RACE(try_that_fails_is_no_lock, "[atomics.order]/1: who holds the lock has released nothing yet") {
  int data = 0;
  std::atomic_flag is_locked;
  in_goroutines(
      [&] {
        while (is_locked.test_and_set(acquire)) snag::yield();
        data = 1;  // <- 1
      },
      [&] {
        while (!is_locked.test(relaxed)) snag::yield();
        is_locked.test_and_set(acquire);
        data = 2;  // <- 2
      });
}
