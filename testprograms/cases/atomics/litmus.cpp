// SPDX-License-Identifier: Apache-2.0
// The shapes that memory models are told apart by, with plain data at their ends. Where a shape is about a
// result that no interleaving shows, the orders that forbid it make a program without a race; its racy twin
// does not depend on it.
#include "litmus.h"

namespace {

// Data goes through three hands, on two flags.
void write_to_read_causality(std::memory_order first_store, std::memory_order first_load,
                             std::memory_order second_store, std::memory_order second_load) {
  int data = 0;
  std::atomic<int> first = 0, second = 0;
  in_goroutines(
      [&] {
        data = 1;
        first.store(1, first_store);
      },
      [&] {
        await(first, 1, first_load);
        second.store(1, second_store);
      },
      [&] {
        await(second, 1, second_load);
        look_at(data);
      });
}

// Each announces itself, and enters if the other has not.
void enter_if_alone(std::memory_order store, std::memory_order load, std::memory_order fence) {
  int data = 0;
  std::atomic<int> wants[2] = {0, 0};
  const auto enter = [&](int self) {
    wants[self].store(1, store);
    std::atomic_thread_fence(fence);
    if (wants[1 - self].load(load) == 0) ++data;
  };
  in_threads([&] { enter(0); }, [&] { enter(1); });
}

// Two writers, and two readers who look at their flags in opposite order. Only one can see the first without
// the second.
void independent_reads(std::memory_order order) {
  int data = 0;
  std::atomic<int> x = 0, y = 0;
  in_threads([&] { x.store(1, order); }, [&] { y.store(1, order); },
             [&] {
               if (x.load(order) == 1 && y.load(order) == 0) ++data;
             },
             [&] {
               if (y.load(order) == 1 && x.load(order) == 0) ++data;
             });
}

}  // namespace

NO_RACE(message_passing, "[atomics.order]/2: the load reads from the release store") {
  int data = 0;
  std::atomic<int> flag = 0;
  in_threads(
      [&] {
        data = 1;
        flag.store(1, release);
      },
      [&] {
        if (flag.load(acquire) == 1) look_at(data);
      });
}

RACE(message_passing_without_waiting,
     "[intro.races]/21: nothing orders what is read before a flag is looked at") {
  int data = 0;
  std::atomic<int> flag = 0;
  in_threads(
      [&] {
        data = 1;  // <- 1
        flag.store(1);
      },
      [&] {
        look_at(data);  // <- 2
        flag.load();
      });
}

NO_RACE(store_buffering, "[atomics.order]/4: in S, one of the loads comes after the other's store") {
  enter_if_alone(seq_cst, seq_cst, relaxed);
}

NO_RACE(store_buffering_with_fences, "[atomics.order]/4: the fences are in S as well") {
  enter_if_alone(relaxed, relaxed, seq_cst);
}

RACE(store_buffering_and_what_follows, "[intro.races]/9: what follows a store is not released by it") {
  int data = 0;
  std::atomic<int> x = 0, y = 0;
  in_threads(
      [&] {
        x.store(1);
        y.load();
        data = 1;  // <- 1
      },
      [&] {
        y.store(1);
        x.load();
        data = 2;  // <- 2
      });
}

NO_RACE(load_buffering, "[atomics.order]/2: who reads 1 comes after all that precedes the store") {
  int data = 0;
  std::atomic<int> x = 0, y = 0;
  in_goroutines(
      [&] {
        if (x.load(acquire) == 1) ++data;
        y.store(1, release);
      },
      [&] {
        if (y.load(acquire) == 1) ++data;
        x.store(1, release);
      });
}

RACE(load_buffering_and_what_follows, "[intro.races]/9: what follows a store is not released by it") {
  int data = 0;
  std::atomic<int> x = 0, y = 0;
  in_goroutines(
      [&] {
        x.load(acquire);
        y.store(1, release);
        data = 1;  // <- 1
      },
      [&] {
        y.load(acquire);
        x.store(1, release);
        data = 2;  // <- 2
      });
}

NO_RACE(independent_reads_of_independent_writes,
        "[atomics.order]/4: the readers agree on the order of the writes") {
  independent_reads(seq_cst);
}

NO_RACE(independent_reads_of_both_writes, "[atomics.order]/2: each reader reads from both release stores") {
  int data[2] = {};
  std::atomic<int> x = 0, y = 0;
  in_goroutines(
      [&] {
        data[0] = 1;
        x.store(1, release);
      },
      [&] {
        data[1] = 1;
        y.store(1, release);
      },
      [&] {
        await(x, 1, acquire);
        await(y, 1, acquire);
        look_at(data[0] + data[1]);
      },
      [&] {
        await(y, 1, acquire);
        await(x, 1, acquire);
        look_at(data[0] + data[1]);
      });
}

RACE(independent_reads_one_of_them_relaxed,
     "[atomics.order]/1: the last reader's look at x acquires nothing") {
  int data[2] = {};
  std::atomic<int> x = 0, y = 0;
  in_goroutines(
      [&] {
        data[0] = 1;  // <- 1
        x.store(1, release);
      },
      [&] {
        data[1] = 1;
        y.store(1, release);
      },
      [&] {
        await(x, 1, acquire);
        await(y, 1, acquire);
        look_at(data[0] + data[1]);
      },
      [&] {
        await(y, 1, acquire);
        await(x, 1, relaxed);
        look_at(data[0] + data[1]);  // <- 2
      });
}

NO_RACE(write_to_read_causality_by_release_and_acquire, "[intro.races]/9: happens-before is transitive") {
  write_to_read_causality(release, acquire, release, acquire);
}

RACE(write_to_read_causality_first_store_relaxed, "[intro.races]/9: the first link is missing") {
  write_to_read_causality(relaxed, acquire, release, acquire);
}

RACE(write_to_read_causality_first_load_relaxed, "[intro.races]/9: the first link is missing") {
  write_to_read_causality(release, relaxed, release, acquire);
}

RACE(write_to_read_causality_second_store_relaxed, "[intro.races]/9: the second link is missing") {
  write_to_read_causality(release, acquire, relaxed, acquire);
}

RACE(write_to_read_causality_second_load_relaxed, "[intro.races]/9: the second link is missing") {
  write_to_read_causality(release, acquire, release, relaxed);
}

NO_RACE(chain_of_three_flags, "[intro.races]/9: happens-before is transitive") {
  int data = 0;
  std::atomic<int> x = 0, y = 0, z = 0;
  in_threads(
      [&] {
        data = 1;
        x.store(1, relaxed);
        y.store(1, release);
      },
      [&] {
        await(y, 1, acquire);
        z.store(1, release);
      },
      [&] {
        await(z, 1, acquire);
        check(x.load(relaxed) == 1);
        look_at(data);
      });
}

RACE(chain_of_three_flags_by_the_first_alone, "[atomics.order]/1: x is stored relaxed, whoever reads it") {
  int data = 0;
  std::atomic<int> x = 0, y = 0, z = 0;
  in_threads(
      [&] {
        data = 1;  // <- 1
        x.store(1, relaxed);
        y.store(1, release);
      },
      [&] {
        await(x, 1, acquire);
        z.store(1, release);
      },
      [&] {
        await(z, 1, acquire);
        look_at(data);  // <- 2
      });
}

NO_RACE(ring_of_three, "[intro.races]/9: each hands the data to the next, and the last to the first") {
  int data = 0;
  std::atomic<int> turn = 0;
  const auto take_turns = [&](int self) {
    for (int round = 0; round < 3; ++round) {
      await(turn, 3 * round + self, acquire);
      ++data;
      turn.store(3 * round + self + 1, release);
    }
  };
  in_goroutines([&] { take_turns(0); }, [&] { take_turns(1); }, [&] { take_turns(2); });
  check(data == 9);
}

RACE(ring_of_three_with_a_weak_link, "[atomics.order]/1: the last hands over by a relaxed store") {
  int data = 0;
  std::atomic<int> turn = 0;
  in_goroutines(
      [&] {
        ++data;  // <- 1
        turn.store(1, release);
        await(turn, 3, acquire);
        ++data;  // <- 1
      },
      [&] {
        await(turn, 1, acquire);
        ++data;  // <- 2
        turn.store(2, release);
      },
      [&] {
        await(turn, 2, acquire);
        ++data;  // <- 2
        turn.store(3, relaxed);
      });
}
