// SPDX-License-Identifier: Apache-2.0
// Waiting on an atomic object orders what the load in it orders, by its own argument; notifying orders
// nothing.
//
// Threads, because std::atomic::wait blocks the one thread that a seeded run of goroutines has.
#include "litmus.h"

namespace {

// Objects of 4 bytes, which the library waits for where they are; the others go through a table of its own.
template <class T = int>
void store_and_wait(std::memory_order store, std::memory_order wait) {
  int data = 0;
  std::atomic<T> flag = T{};
  in_threads(
      [&] {
        data = 1;
        flag.store(T{1}, store);
        flag.notify_one();
      },
      [&] {
        flag.wait(T{}, wait);
        look_at(data);
      });
}

}  // namespace

NO_RACE(store_release_wait_acquire, "[atomics.wait]: the load in wait reads from the release store") {
  store_and_wait(release, acquire);
}

NO_RACE(store_release_wait_seq_cst, "[atomics.wait]: the load in wait reads from the release store") {
  store_and_wait(release, seq_cst);
}

RACE(store_relaxed_wait_acquire, "[atomics.wait]: notifying releases nothing") {
  store_and_wait(relaxed, acquire);
}

RACE(store_release_wait_relaxed, "[atomics.wait]: the load in wait is by the order that is given") {
  store_and_wait(release, relaxed);
}

RACE(store_relaxed_wait_relaxed, "[atomics.wait]: neither notifying nor waiting orders anything") {
  store_and_wait(relaxed, relaxed);
}

NO_RACE(wait_for_a_byte, "[atomics.wait]: whatever the size of the object") {
  store_and_wait<char>(release, acquire);
}

NO_RACE(wait_for_a_long, "[atomics.wait]: whatever the size of the object") {
  store_and_wait<long>(release, acquire);
}

NO_RACE(wait_for_what_is_there, "[atomics.wait]: returns at once, and has loaded") {
  int data = 0;
  std::atomic<int> flag = 0;
  in_threads(
      [&] {
        data = 1;
        flag.store(1, release);
      },
      [&] {
        await(flag, 1, relaxed);
        flag.wait(0, acquire);
        look_at(data);
      });
}

RACE(wait_for_what_is_there_relaxed, "[atomics.wait]: the load in wait is by the order that is given") {
  int data = 0;
  std::atomic<int> flag = 0;
  in_threads(
      [&] {
        data = 1;  // <- 1
        flag.store(1, release);
      },
      [&] {
        await(flag, 1, relaxed);
        flag.wait(0, relaxed);
        look_at(data);  // <- 2
      });
}

RACE(notified_by_another, "[atomics.wait]: what counts is who stored, not who notified") {
  int data = 0;
  std::atomic<int> flag = 0;
  in_threads(
      [&] {
        await(flag, 1, relaxed);
        data = 1;  // <- 1
        flag.notify_all();
      },
      [&] { flag.store(1, release); },
      [&] {
        flag.wait(0, acquire);
        look_at(data);  // <- 2
      });
}

NO_RACE(stored_and_notified_by_two, "[atomics.wait]: the load in wait reads from the release store") {
  int data = 0;
  std::atomic<int> flag = 0;
  in_threads(
      [&] {
        data = 1;
        flag.store(1, release);
      },
      [&] {
        await(flag, 1, relaxed);
        flag.notify_all();
      },
      [&] {
        flag.wait(0, acquire);
        look_at(data);
      });
}

NO_RACE(notify_all_wakes_two, "[atomics.wait]: each load reads from the release store") {
  int data = 0;
  std::atomic<int> flag = 0;
  const auto waiter = [&] {
    flag.wait(0, acquire);
    look_at(data);
  };
  in_threads(
      [&] {
        data = 1;
        flag.store(1, release);
        flag.notify_all();
      },
      waiter, waiter);
}

NO_RACE(wait_by_functions, "[atomics.nonmembers]: the same operations") {
  int data = 0;
  std::atomic<int> flag = 0;
  in_threads(
      [&] {
        data = 1;
        std::atomic_store(&flag, 1);
        std::atomic_notify_one(&flag);
      },
      [&] {
        std::atomic_wait(&flag, 0);
        look_at(data);
      });
}

NO_RACE(wait_by_a_reference, "[atomics.ref.operations]: wait and notify of a reference") {
  int data = 0, flag = 0;
  in_threads(
      [&] {
        data = 1;
        std::atomic_ref(flag).store(1, release);
        std::atomic_ref(flag).notify_one();
      },
      [&] {
        std::atomic_ref(flag).wait(0, acquire);
        look_at(data);
      });
}

NO_RACE(wait_for_a_flag, "[atomics.flag]: wait loads as test does") {
  int data = 0;
  std::atomic_flag flag;
  in_threads(
      [&] {
        data = 1;
        flag.test_and_set(release);
        flag.notify_one();
      },
      [&] {
        flag.wait(false, acquire);
        look_at(data);
      });
}

NO_RACE(wait_for_a_cleared_flag, "[atomics.flag]: wait loads as test does") {
  int data = 0;
  std::atomic_flag flag;
  flag.test_and_set();
  in_threads(
      [&] {
        data = 1;
        flag.clear(release);
        flag.notify_all();
      },
      [&] {
        flag.wait(true, acquire);
        look_at(data);
      });
}

NO_RACE(take_turns_by_waiting, "[intro.races]/9: each turn is released and acquired") {
  int data = 0;
  std::atomic<int> turn = 0;
  const auto play = [&](int self) {
    for (int round = 0; round < 3; ++round) {
      turn.wait(1 - self, acquire);
      ++data;
      turn.store(1 - self, release);
      turn.notify_one();
    }
  };
  in_threads([&] { play(0); }, [&] { play(1); });
  check(data == 6);
}

RACE(take_turns_by_waiting_relaxed, "[atomics.wait]: the load in wait is by the order that is given") {
  int data = 0;
  std::atomic<int> turn = 0;
  const auto play = [&](int self) {
    turn.wait(1 - self, relaxed);
    ++data;  // <- 1 2
    turn.store(1 - self, release);
    turn.notify_one();
  };
  in_threads([&] { play(0); }, [&] { play(1); });
}

NO_RACE(wait_relaxed_and_fence, "[atomics.fences]/4: the load in wait is sequenced before the fence") {
  int data = 0;
  std::atomic<int> flag = 0;
  in_threads(
      [&] {
        data = 1;
        flag.store(1, release);
        flag.notify_one();
      },
      [&] {
        flag.wait(0, relaxed);
        std::atomic_thread_fence(acquire);
        look_at(data);
      });
}
