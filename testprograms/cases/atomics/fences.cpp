// SPDX-License-Identifier: Apache-2.0
// Fences: a release fence lends itself to the stores after it, an acquire fence takes from the loads before
// it, of its own thread. A seq_cst fence is both and orders nothing more between plain accesses.
#include "litmus.h"

namespace {

// Relaxed atomics between two fences.
void fence_to_fence(std::memory_order first, std::memory_order second) {
  int data = 0;
  std::atomic<int> flag = 0;
  in_goroutines(
      [&] {
        data = 1;
        std::atomic_thread_fence(first);
        flag.store(1, relaxed);
      },
      [&] {
        await(flag, 1, relaxed);
        std::atomic_thread_fence(second);
        look_at(data);
      });
}

}  // namespace

NO_RACE(release_fence_acquire_fence, "[atomics.fences]/2: the fences synchronise") {
  fence_to_fence(release, acquire);
}

NO_RACE(acq_rel_fences, "[atomics.fences]/5: acq_rel is both fences") { fence_to_fence(acq_rel, acq_rel); }

NO_RACE(seq_cst_fences, "[atomics.fences]/5: seq_cst is both fences") { fence_to_fence(seq_cst, seq_cst); }

NO_RACE(consume_fence, "[atomics.fences]/5: consume is an acquire fence") {
  fence_to_fence(release, consume);
}

RACE(acquire_fence_instead_of_release, "[atomics.fences]/2: there is no release fence") {
  fence_to_fence(acquire, acquire);
}

RACE(release_fence_instead_of_acquire, "[atomics.fences]/2: there is no acquire fence") {
  fence_to_fence(release, release);
}

RACE(relaxed_fence_before_the_store, "[atomics.fences]/5: relaxed has no effect") {
  fence_to_fence(relaxed, seq_cst);
}

RACE(relaxed_fence_after_the_load, "[atomics.fences]/5: relaxed has no effect") {
  fence_to_fence(seq_cst, relaxed);
}

NO_RACE(release_fence_acquire_load, "[atomics.fences]/3: the fence synchronises with the load") {
  int data = 0;
  std::atomic<int> flag = 0;
  in_threads(
      [&] {
        data = 1;
        std::atomic_thread_fence(release);
        flag.store(1, relaxed);
      },
      [&] {
        await(flag, 1, acquire);
        look_at(data);
      });
}

NO_RACE(release_store_acquire_fence, "[atomics.fences]/4: the store synchronises with the fence") {
  int data = 0;
  std::atomic<int> flag = 0;
  in_threads(
      [&] {
        data = 1;
        flag.store(1, release);
      },
      [&] {
        await(flag, 1, relaxed);
        std::atomic_thread_fence(acquire);
        look_at(data);
      });
}

RACE(release_fence_after_the_store, "[atomics.fences]/3: the fence is not sequenced before the store") {
  int data = 0;
  std::atomic<int> flag = 0;
  in_goroutines(
      [&] {
        data = 1;  // <- 1
        flag.store(1, relaxed);
        std::atomic_thread_fence(release);
      },
      [&] {
        await(flag, 1, acquire);
        look_at(data);  // <- 2
      });
}

RACE(acquire_fence_before_the_load, "[atomics.fences]/4: the load is not sequenced before the fence") {
  int data = 0;
  std::atomic<int> flag = 0, stored = 0;
  in_goroutines(
      [&] {
        data = 1;  // <- 1
        flag.store(1, release);
        stored.store(1, relaxed);
      },
      [&] {
        await(stored, 1, relaxed);
        std::atomic_thread_fence(acquire);
        await(flag, 1, relaxed);
        look_at(data);  // <- 2
      });
}

RACE(access_after_the_release_fence, "[atomics.fences]/2: the access is not sequenced before the fence") {
  int before = 0, after = 0;
  std::atomic<int> flag = 0;
  in_threads(
      [&] {
        before = 1;
        std::atomic_thread_fence(release);
        after = 1;  // <- 1
        flag.store(1, relaxed);
      },
      [&] {
        await(flag, 1, acquire);
        look_at(before);
        look_at(after);  // <- 2
      });
}

RACE(second_write_after_the_release_fence,
     "[atomics.fences]/2: the first write is ordered, the second is not") {
  int data = 0;
  std::atomic<int> flag = 0;
  in_threads(
      [&] {
        data = 1;
        std::atomic_thread_fence(release);
        data = 2;  // <- 1
        flag.store(1, relaxed);
      },
      [&] {
        await(flag, 1, acquire);
        look_at(data);  // <- 2
      });
}

RACE(access_before_the_acquire_fence, "[atomics.fences]/2: the fence is not sequenced before the access") {
  int data = 0;
  std::atomic<int> flag = 0;
  in_goroutines(
      [&] {
        data = 1;  // <- 1
        flag.store(1, release);
      },
      [&] {
        await(flag, 1, relaxed);
        look_at(data);  // <- 2
        std::atomic_thread_fence(acquire);
      });
}

RACE(fence_after_the_store_that_is_read,
     "[atomics.fences]/3: only the store to the other object follows the fence") {
  int data = 0;
  std::atomic<int> first = 0, second = 0;
  in_goroutines(
      [&] {
        data = 1;  // <- 1
        first.store(1, relaxed);
        std::atomic_thread_fence(release);
        second.store(1, relaxed);
      },
      [&] {
        await(first, 1, relaxed);
        std::atomic_thread_fence(acquire);
        look_at(data);  // <- 2
      });
}

RACE(fence_after_the_load_of_another,
     "[atomics.fences]/4: nothing is loaded from the object that was released") {
  int data = 0;
  std::atomic<int> flag = 0, other = 0;
  in_threads(
      [&] {
        data = 1;  // <- 1
        flag.store(1, release);
        other.store(1, relaxed);
      },
      [&] {
        await(other, 1, relaxed);
        std::atomic_thread_fence(acquire);
        look_at(data);  // <- 2
      });
}

NO_RACE(one_release_fence_for_two_stores, "[atomics.fences]/3: any store after the fence will do") {
  int data = 0;
  std::atomic<int> first = 0, second = 0;
  in_goroutines(
      [&] {
        data = 1;
        std::atomic_thread_fence(release);
        first.store(1, relaxed);
        second.store(1, relaxed);
      },
      [&] {
        await(first, 1, acquire);
        look_at(data);
      },
      [&] {
        await(second, 1, acquire);
        look_at(data);
      });
}

NO_RACE(one_acquire_fence_for_two_loads, "[atomics.fences]/4: any load before the fence will do") {
  int data[2] = {};
  std::atomic<int> first = 0, second = 0;
  in_threads(
      [&] {
        data[0] = 1;
        first.store(1, release);
      },
      [&] {
        data[1] = 1;
        second.store(1, release);
      },
      [&] {
        await(first, 1, relaxed);
        await(second, 1, relaxed);
        std::atomic_thread_fence(acquire);
        look_at(data[0]);
        look_at(data[1]);
      });
}

RACE(acquire_fence_between_two_loads,
     "[atomics.fences]/4: the second load is not sequenced before the fence") {
  int data[2] = {};
  std::atomic<int> first = 0, second = 0;
  in_threads(
      [&] {
        data[0] = 1;
        first.store(1, release);
      },
      [&] {
        data[1] = 1;  // <- 1
        second.store(1, release);
      },
      [&] {
        await(first, 1, relaxed);
        std::atomic_thread_fence(acquire);
        await(second, 1, relaxed);
        look_at(data[0]);
        look_at(data[1]);  // <- 2
      });
}

RACE(release_fence_of_the_parent, "[atomics.fences]/3: sequenced before is within one thread") {
  int data = 0;
  std::atomic<int> flag = 0;
  in_goroutines(
      [&] {
        std::atomic_thread_fence(release);
        in_goroutines([&] {
          data = 1;  // <- 1
          flag.store(1, relaxed);
        });
      },
      [&] {
        await(flag, 1, acquire);
        look_at(data);  // <- 2
      });
}

RACE(release_fence_of_the_parent_after_the_access,
     "[atomics.fences]/3: sequenced before is within one thread") {
  int data = 0;
  std::atomic<int> flag = 0;
  in_threads(
      [&] {
        data = 1;  // <- 1
        std::atomic_thread_fence(release);
        in_threads([&] { flag.store(1, relaxed); });
      },
      [&] {
        await(flag, 1, acquire);
        look_at(data);  // <- 2
      });
}

RACE(acquire_fence_of_the_parent, "[atomics.fences]/4: sequenced before is within one thread") {
  int data = 0;
  std::atomic<int> flag = 0;
  in_goroutines(
      [&] {
        data = 1;  // <- 1
        flag.store(1, release);
      },
      [&] {
        in_goroutines([&] { await(flag, 1, relaxed); });
        std::atomic_thread_fence(acquire);
        look_at(data);  // <- 2
      });
}

RACE(acquire_fence_of_the_child, "[atomics.fences]/4: sequenced before is within one thread") {
  int data = 0;
  std::atomic<int> flag = 0;
  in_threads(
      [&] {
        data = 1;  // <- 1
        flag.store(1, release);
      },
      [&] {
        await(flag, 1, relaxed);
        in_threads([&] {
          std::atomic_thread_fence(acquire);
          look_at(data);  // <- 2
        });
      });
}

RACE(signal_fences, "[atomics.fences]/6: they order a thread and its own signal handlers") {
  int data = 0;
  std::atomic<int> flag = 0;
  in_goroutines(
      [&] {
        data = 1;  // <- 1
        std::atomic_signal_fence(seq_cst);
        flag.store(1, relaxed);
      },
      [&] {
        await(flag, 1, relaxed);
        std::atomic_signal_fence(seq_cst);
        look_at(data);  // <- 2
      });
}

RACE(signal_fence_on_one_side, "[atomics.fences]/6: it orders a thread and its own signal handlers") {
  int data = 0;
  std::atomic<int> flag = 0;
  in_threads(
      [&] {
        data = 1;  // <- 1
        std::atomic_signal_fence(release);
        flag.store(1, relaxed);
      },
      [&] {
        await(flag, 1, acquire);
        look_at(data);  // <- 2
      });
}
