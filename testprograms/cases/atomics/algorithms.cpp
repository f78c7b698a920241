// SPDX-License-Identifier: Apache-2.0
// Well-known algorithms on atomics, right and with one order too weak: mutual exclusion by loads and stores,
// seqlocks, double-checked locking, publication and reclamation, rings.
#include "litmus.h"

#include <mutex>

namespace {

// Dekker's: whose turn it is decides between two who both want to enter.
void dekker(std::memory_order store, std::memory_order load) {
  int data = 0;
  std::atomic<bool> wants[2] = {false, false};
  std::atomic<int> turn = 0;
  const auto enter = [&](int self) {
    const int other = 1 - self;
    wants[self].store(true, store);
    while (wants[other].load(load)) {
      if (turn.load(load) != self) {
        wants[self].store(false, store);
        await(turn, self, load);
        wants[self].store(true, store);
      }
      snag::yield();
    }
    ++data;
    turn.store(other, store);
    wants[self].store(false, store);
  };
  in_goroutines([&] { enter(0); }, [&] { enter(1); });
}

// Peterson's: who comes later waits.
void peterson(std::memory_order store, std::memory_order load) {
  int data = 0;
  std::atomic<bool> wants[2] = {false, false};
  std::atomic<int> last = 0;
  const auto enter = [&](int self) {
    wants[self].store(true, store);
    last.store(self, store);
    while (wants[1 - self].load(load) && last.load(load) == self) snag::yield();
    ++data;
    wants[self].store(false, store);
  };
  in_threads([&] { enter(0); }, [&] { enter(1); });
}

// Peterson's with an exchange, which needs no total order.
void peterson_by_exchange(std::memory_order exchange, std::memory_order leave, std::memory_order look) {
  int data = 0;
  std::atomic<bool> wants[2] = {false, false};
  std::atomic<int> last = 0;
  const auto enter = [&](int self) {
    wants[self].store(true, relaxed);
    last.exchange(self, exchange);
    while (wants[1 - self].load(look) && last.load(relaxed) == self) snag::yield();
    ++data;
    wants[self].store(false, leave);
  };
  in_threads([&] { enter(0); }, [&] { enter(1); });
}

// A resource that is made on demand, under a lock that is taken only until there is one.
struct on_demand {
  int value = 0;
  std::mutex lock;
  std::atomic<int*> made = nullptr;
  int* get(std::memory_order load, std::memory_order store) {
    int* seen = made.load(load);
    if (seen == nullptr) {
      const std::lock_guard guard(lock);
      seen = made.load(relaxed);
      if (seen == nullptr) {
        value = 1;
        seen = &value;
        made.store(seen, store);
      }
    }
    return seen;
  }
};

// The second user comes once the first has made it, which it sees by relaxed loads.
void make_on_demand(std::memory_order load, std::memory_order store) {
  on_demand resource;
  in_threads([&] { look_at(*resource.get(load, store)); },
             [&] {
               while (resource.made.load(relaxed) == nullptr) snag::yield();
               look_at(*resource.get(load, store));
             });
}

// A ring with one place, used three times.
void ring(std::memory_order put, std::memory_order taken, std::memory_order look) {
  int place = 0;
  std::atomic<int> written = 0, read = 0;
  in_goroutines(
      [&] {
        for (int i = 0; i < 3; ++i) {
          await(read, i, look);
          place = i;
          written.store(i + 1, put);
        }
      },
      [&] {
        for (int i = 0; i < 3; ++i) {
          await(written, i + 1, look);
          look_at(place);
          read.store(i + 1, taken);
        }
      });
}

}  // namespace

NO_RACE(dekkers_algorithm, "[atomics.order]/4: who reads false by seq_cst comes after who has left") {
  dekker(seq_cst, seq_cst);
}

RACE(dekkers_algorithm_relaxed, "[atomics.order]/1: who leaves releases nothing") {
  dekker(relaxed, relaxed);
}

RACE(dekkers_algorithm_loads_relaxed, "[atomics.order]/1: who enters acquires nothing") {
  dekker(seq_cst, relaxed);
}

NO_RACE(petersons_algorithm, "[atomics.order]/4: who reads false by seq_cst comes after who has left") {
  peterson(seq_cst, seq_cst);
}

RACE(petersons_algorithm_relaxed, "[atomics.order]/1: who leaves releases nothing") {
  peterson(relaxed, relaxed);
}

NO_RACE(petersons_algorithm_by_exchange, "[atomics.order]/2: the later exchange reads from the earlier one") {
  peterson_by_exchange(acq_rel, release, acquire);
}

RACE(petersons_algorithm_by_exchange_leaves_relaxed, "[atomics.order]/1: who leaves releases nothing") {
  peterson_by_exchange(acq_rel, relaxed, acquire);
}

RACE(petersons_algorithm_by_exchange_enters_relaxed, "[atomics.order]/1: who enters acquires nothing") {
  peterson_by_exchange(acq_rel, release, relaxed);
}

NO_RACE(seqlock, "[intro.races]/21: the data is atomic") {
  std::atomic<unsigned> sequence = 0;
  std::atomic<int> first = 0, second = 0;
  in_threads(
      [&] {
        for (int i = 1; i <= 3; ++i) {
          const unsigned before = sequence.load(relaxed);
          sequence.store(before + 1, relaxed);
          std::atomic_thread_fence(release);
          first.store(i, relaxed);
          second.store(i, relaxed);
          sequence.store(before + 2, release);
        }
      },
      [&] {
        for (;;) {
          const unsigned before = sequence.load(acquire);
          const int a = first.load(relaxed), b = second.load(relaxed);
          std::atomic_thread_fence(acquire);
          if (before % 2 == 0 && sequence.load(relaxed) == before) {
            check(a == b);
            break;
          }
          snag::yield();
        }
      });
}

RACE(seqlock_of_plain_data, "[intro.races]/21: a read that will be discarded is a read") {
  std::atomic<unsigned> sequence = 0;
  std::atomic<int> first_look = 0;
  int data = 0;
  in_threads(
      [&] {
        await(first_look, 1, relaxed);
        sequence.fetch_add(1, acq_rel);
        data = 1;  // <- 1
        sequence.fetch_add(1, release);
      },
      [&] {
        for (;;) {
          const unsigned before = sequence.load(acquire);
          look_at(data);  // <- 2
          std::atomic_thread_fence(acquire);
          first_look.store(1, relaxed);
          if (before == 2 && sequence.load(relaxed) == before) break;
          snag::yield();
        }
      });
}

NO_RACE(double_checked_locking, "[atomics.order]/2: the load reads from the release store") {
  make_on_demand(acquire, release);
}

RACE(double_checked_locking_load_relaxed, "[atomics.order]/1: the first look acquires nothing") {
  make_on_demand(relaxed, release);
}

RACE(double_checked_locking_store_relaxed, "[atomics.order]/1: nothing is released but by the lock") {
  make_on_demand(acquire, relaxed);
}

RACE(double_checked_locking_of_a_plain_pointer, "[intro.races]/21: the first look is not under the lock") {
  int value = 0;
  int* made = nullptr;
  std::mutex lock;
  const auto get = [&] {
    if (made == nullptr) {  // <- 2
      const std::lock_guard guard(lock);
      if (made == nullptr) made = &value;  // <- 1
    }
  };
  in_threads(get, get);
}

NO_RACE(published_copy, "[atomics.order]/2: the reader loads what the updater released") {
  int versions[2] = {1, 0};
  std::atomic<int*> current = &versions[0];
  in_goroutines(
      [&] {
        versions[1] = versions[0] + 1;
        current.store(&versions[1], release);
      },
      [&] {
        while (*current.load(consume) != 2) snag::yield();
      });
}

RACE(published_copy_relaxed, "[atomics.order]/1: nothing is released") {
  int versions[2] = {1, 0};
  std::atomic<int*> current = &versions[0];
  in_goroutines(
      [&] {
        versions[1] = 2;  // <- 1
        current.store(&versions[1], relaxed);
      },
      [&] {
        await(current, &versions[1], acquire);
        look_at(versions[1]);  // <- 2
      });
}

NO_RACE(reclaimed_after_a_quiescent_state,
        "[atomics.order]/2: the updater acquires that the reader is done") {
  int first = 1, second = 2;
  std::atomic<int*> current = &first;
  std::atomic<int> is_quiescent = 0;
  in_goroutines(
      [&] {
        look_at(*current.load(acquire));
        is_quiescent.store(1, release);
      },
      [&] {
        current.store(&second, release);
        await(is_quiescent, 1, acquire);
        first = 0;
      });
}

RACE(reclaimed_after_a_relaxed_quiescent_state, "[atomics.order]/1: the reader releases nothing") {
  int* const old = new int(1);
  std::atomic<int> is_quiescent = 0;
  in_goroutines(
      [&] {
        look_at(*old);  // <- 1
        is_quiescent.store(1, relaxed);
      },
      [&] {
        await(is_quiescent, 1, acquire);
        delete old;  // <- 2
      });
}

NO_RACE(ring_of_one_place, "[atomics.order]/2: both ways, what is written and what is free") {
  ring(release, release, acquire);
}

RACE(ring_of_one_place_put_relaxed, "[atomics.order]/1: what is written is not released") {
  ring(relaxed, release, acquire);
}

RACE(ring_of_one_place_taken_relaxed, "[atomics.order]/1: what is free is not released") {
  ring(release, relaxed, acquire);
}

RACE(ring_of_one_place_looked_at_relaxed, "[atomics.order]/1: nothing is acquired") {
  ring(release, release, relaxed);
}
