// SPDX-License-Identifier: Apache-2.0
// Chains of fences: what a fence knows when it is executed, what two in a row do, and what failed operations
// and seq_cst fences add.
#include "litmus.h"

namespace {

// Data goes from the first to the last by way of one who does `pass` between a relaxed load and a relaxed
// store.
template <class Pass>
void by_way_of(Pass pass) {
  int data = 0;
  std::atomic<int> first = 0, second = 0;
  in_goroutines(
      [&] {
        data = 1;
        first.store(1, release);
      },
      [&] {
        await(first, 1, relaxed);
        pass();
        second.store(1, relaxed);
      },
      [&] {
        await(second, 1, acquire);
        look_at(data);
      });
}

// A fence, and three who change 0 to 1 to 2 and look at the data.
template <class First, class Second>
void fence_and_sequence(First first, Second second) {
  int data = 0;
  std::atomic<int> stage = 0;
  in_threads(
      [&] {
        data = 1;
        std::atomic_thread_fence(release);
        first(stage);
      },
      [&] {
        await(stage, 1, relaxed);
        second(stage);
      },
      [&] {
        await(stage, 2, relaxed);
        stage.load(acquire);
        look_at(data);
      });
}

}  // namespace

NO_RACE(passed_on_by_one_fence, "[intro.races]/9: an acq_rel fence takes, and then lends") {
  by_way_of([] { std::atomic_thread_fence(acq_rel); });
}

NO_RACE(passed_on_by_two_fences, "[intro.races]/9: the acquire fence is sequenced before the release fence") {
  by_way_of([] {
    std::atomic_thread_fence(acquire);
    std::atomic_thread_fence(release);
  });
}

RACE(passed_on_by_two_fences_in_the_wrong_order, "[intro.races]/9: what is acquired after a release fence") {
  by_way_of([] {
    std::atomic_thread_fence(release);
    std::atomic_thread_fence(acquire);
  });
}

RACE(passed_on_by_an_acquire_fence, "[atomics.fences]/3: no release fence precedes the second store") {
  by_way_of([] { std::atomic_thread_fence(acquire); });
}

RACE(passed_on_by_a_release_fence, "[atomics.fences]/4: no acquire fence follows the first load") {
  by_way_of([] { std::atomic_thread_fence(release); });
}

RACE(learnt_after_the_release_fence,
     "[atomics.fences]/3: the fence lends what was known when it was executed") {
  int data = 0;
  std::atomic<int> first = 0, second = 0;
  in_threads(
      [&] {
        data = 1;  // <- 1
        first.store(1, release);
      },
      [&] {
        std::atomic_thread_fence(release);
        await(first, 1, acquire);
        second.store(1, relaxed);
      },
      [&] {
        await(second, 1, acquire);
        look_at(data);  // <- 2
      });
}

NO_RACE(learnt_before_the_release_fence, "[intro.races]/9: the load is sequenced before the fence") {
  int data = 0;
  std::atomic<int> first = 0, second = 0;
  in_threads(
      [&] {
        data = 1;
        first.store(1, release);
      },
      [&] {
        await(first, 1, acquire);
        std::atomic_thread_fence(release);
        second.store(1, relaxed);
      },
      [&] {
        await(second, 1, acquire);
        look_at(data);
      });
}

NO_RACE(learnt_by_a_lock_before_the_release_fence,
        "[intro.races]/9: unlocking precedes locking precedes the fence") {
  int data = 0;
  snag::chan<void> told;
  std::atomic<int> flag = 0;
  in_goroutines(
      [&] {
        data = 1;
        told.send();
      },
      [&] {
        told.recv();
        std::atomic_thread_fence(release);
        flag.store(1, relaxed);
      },
      [&] {
        await(flag, 1, relaxed);
        std::atomic_thread_fence(acquire);
        look_at(data);
      });
}

NO_RACE(fences_stay_with_their_goroutines,
        "[atomics.fences]/2: whoever runs between the fence and the operation") {
  int data = 0;
  std::atomic<int> flag = 0;
  in_goroutines(
      [&] {
        data = 1;
        std::atomic_thread_fence(release);
        for (int i = 0; i < 5; ++i) snag::yield();
        flag.store(1, relaxed);
      },
      [&] {
        await(flag, 1, relaxed);
        for (int i = 0; i < 5; ++i) snag::yield();
        std::atomic_thread_fence(acquire);
        look_at(data);
      });
}

RACE(fences_of_other_goroutines, "[atomics.fences]/2: fence and operation have to be of one thread") {
  int data = 0;
  std::atomic<int> flag = 0;
  const auto fence = [] {
    for (int i = 0; i < 5; ++i) {
      std::atomic_thread_fence(seq_cst);
      snag::yield();
    }
  };
  in_goroutines(
      [&] {
        data = 1;  // <- 1
        snag::yield();
        flag.store(1, relaxed);
      },
      [&] {
        await(flag, 1, relaxed);
        snag::yield();
        look_at(data);  // <- 2
      },
      fence, fence);
}

NO_RACE(two_release_fences, "[atomics.fences]/3: the later fence knows what the earlier one did, and more") {
  int data[2] = {};
  std::atomic<int> flag = 0;
  in_goroutines(
      [&] {
        data[0] = 1;
        std::atomic_thread_fence(release);
        data[1] = 1;
        std::atomic_thread_fence(release);
        flag.store(1, relaxed);
      },
      [&] {
        await(flag, 1, acquire);
        look_at(data[0]);
        look_at(data[1]);
      });
}

NO_RACE(loads_long_before_the_acquire_fence,
        "[atomics.fences]/4: whatever lies between the load and the fence") {
  int data = 0, own = 0;
  std::atomic<int> flag = 0, other = 0;
  in_threads(
      [&] {
        data = 1;
        flag.store(1, release);
      },
      [&] {
        await(flag, 1, relaxed);
        for (int i = 0; i < 100; ++i) {
          ++own;
          other.fetch_add(1, acq_rel);
        }
        std::atomic_thread_fence(acquire);
        look_at(data);
      });
}

NO_RACE(acquire_fence_after_an_overwritten_value, "[atomics.fences]/4: what counts is what the load read") {
  int data = 0;
  std::atomic<int> flag = 0, overwritten = 0, seen = 0;
  in_goroutines(
      [&] {
        data = 1;
        flag.store(1, release);
      },
      [&] {
        await(seen, 1, relaxed);
        flag.store(2, relaxed);
        overwritten.store(1, relaxed);
      },
      [&] {
        await(flag, 1, relaxed);
        seen.store(1, relaxed);
        await(overwritten, 1, relaxed);
        std::atomic_thread_fence(acquire);
        look_at(data);
      });
}

NO_RACE(acquire_fence_after_a_failed_compare_exchange, "[atomics.fences]/4: a failure is a load") {
  int data = 0;
  std::atomic<int> flag = 0;
  in_threads(
      [&] {
        data = 1;
        flag.store(1, release);
      },
      [&] {
        for (int expected = 9; expected != 1; snag::yield()) {
          expected = 9;
          flag.compare_exchange_strong(expected, 2, relaxed);
        }
        std::atomic_thread_fence(acquire);
        look_at(data);
      });
}

RACE(release_fence_before_a_failed_compare_exchange, "[atomics.fences]/3: a failure modifies nothing") {
  int data = 0;
  std::atomic<int> flag = 0, tried = 0;
  in_threads(
      [&] {
        data = 1;  // <- 1
        tried.store(1, relaxed);
        std::atomic_thread_fence(release);
        int expected = 9;
        flag.compare_exchange_strong(expected, 2, relaxed);
      },
      [&] {
        await(tried, 1, acquire);
        flag.load(acquire);
        look_at(data);  // <- 2
      });
}

NO_RACE(acquire_fence_after_a_release_read_modify_write,
        "[atomics.fences]/4: it reads from the release store") {
  int data = 0;
  std::atomic<int> flag = 0;
  in_goroutines(
      [&] {
        data = 1;
        flag.store(1, release);
      },
      [&] {
        while (flag.fetch_add(0, release) == 0) snag::yield();
        std::atomic_thread_fence(acquire);
        look_at(data);
      });
}

RACE(seq_cst_fences_without_atomics,
     "[atomics.fences]/2: fences synchronise only by way of an atomic object") {
  int data = 0;
  in_goroutines(
      [&] {
        data = 1;  // <- 1
        std::atomic_thread_fence(seq_cst);
      },
      [&] {
        std::atomic_thread_fence(seq_cst);
        look_at(data);  // <- 2
      });
}

RACE(seq_cst_fences_in_store_buffering, "[atomics.order]/4: a place in S is no happens-before") {
  int data = 0;
  std::atomic<int> first = 0, second = 0;
  in_threads(
      [&] {
        first.store(1, relaxed);
        std::atomic_thread_fence(seq_cst);
        second.load(relaxed);
        data = 1;  // <- 1
      },
      [&] {
        second.store(1, relaxed);
        std::atomic_thread_fence(seq_cst);
        first.load(relaxed);
        data = 2;  // <- 2
      });
}

RACE(a_seq_cst_fence_after_the_store_is_too_late, "[atomics.fences]/3: it is sequenced after the store") {
  int data = 0;
  std::atomic<int> flag = 0;
  in_threads(
      [&] {
        data = 1;  // <- 1
        flag.store(1, relaxed);
        std::atomic_thread_fence(seq_cst);
      },
      [&] {
        await(flag, 1, relaxed);
        std::atomic_thread_fence(seq_cst);
        look_at(data);  // <- 2
      });
}

RACE(a_seq_cst_fence_before_the_load_is_too_early, "[atomics.fences]/4: it is sequenced before the load") {
  int data = 0;
  std::atomic<int> flag = 0;
  in_goroutines(
      [&] {
        data = 1;  // <- 1
        std::atomic_thread_fence(seq_cst);
        flag.store(1, relaxed);
      },
      [&] {
        while (true) {
          std::atomic_thread_fence(seq_cst);
          if (flag.load(relaxed) == 1) break;
          snag::yield();
        }
        look_at(data);  // <- 2
      });
}

NO_RACE(fence_and_a_relaxed_read_modify_write,
        "[atomics.fences]/3: any modification after the fence will do") {
  fence_and_sequence([](auto& stage) { stage.fetch_add(1, relaxed); },
                     [](auto& stage) { stage.fetch_add(1, relaxed); });
}

NO_RACE(fence_and_a_relaxed_head,
        "[atomics.fences]/3: the sequence that the store would head if it released") {
  fence_and_sequence([](auto& stage) { stage.store(1, relaxed); },
                     [](auto& stage) { stage.exchange(2, relaxed); });
}

RACE(fence_and_an_ended_sequence,
     "[atomics.fences]/3: the sequence that the store would head is ended by a store") {
  fence_and_sequence([](auto& stage) { stage.store(1, relaxed); },
                     [](auto& stage) { stage.store(2, relaxed); });
}

NO_RACE(fence_and_two_stores_of_its_thread,
        "[atomics.fences]/3: the second store follows the fence as well") {
  fence_and_sequence(
      [](auto& stage) {
        stage.store(7, relaxed);
        stage.store(1, relaxed);
      },
      [](auto& stage) { stage.fetch_add(1, relaxed); });
}
