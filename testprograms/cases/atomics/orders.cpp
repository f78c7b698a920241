// SPDX-License-Identifier: Apache-2.0
// Message passing with every order of a store and of a load: the data is ordered exactly if the store
// releases and the load acquires.
#include "litmus.h"

namespace {

// In `T`, 0 is "not yet" and 1 is "ready".
template <class T = int>
void pass_message(std::memory_order store, std::memory_order load) {
  int data = 0;
  std::atomic<T> flag = T{};
  in_goroutines(
      [&] {
        data = 1;
        flag.store(static_cast<T>(1), store);
      },
      [&] {
        await(flag, static_cast<T>(1), load);
        look_at(data);
      });
}

enum class light : short { red, green };

}  // namespace

RACE(store_relaxed_load_relaxed, "[atomics.order]/1: relaxed operations order no memory") {
  pass_message(relaxed, relaxed);
}

RACE(store_relaxed_load_consume, "[atomics.order]/1: a relaxed store is no release operation") {
  pass_message(relaxed, consume);
}

RACE(store_relaxed_load_acquire, "[atomics.order]/1: a relaxed store is no release operation") {
  pass_message(relaxed, acquire);
}

RACE(store_relaxed_load_seq_cst, "[atomics.order]/1: a relaxed store is no release operation") {
  pass_message(relaxed, seq_cst);
}

RACE(store_release_load_relaxed, "[atomics.order]/1: a relaxed load is no acquire operation") {
  pass_message(release, relaxed);
}

NO_RACE(store_release_load_acquire, "[atomics.order]/2: the acquire load reads from the release store") {
  pass_message(release, acquire);
}

NO_RACE(store_release_load_seq_cst, "[atomics.order]/1: a seq_cst load is an acquire operation") {
  pass_message(release, seq_cst);
}

RACE(store_seq_cst_load_relaxed, "[atomics.order]/1: a relaxed load is no acquire operation") {
  pass_message(seq_cst, relaxed);
}

NO_RACE(store_seq_cst_load_acquire, "[atomics.order]/1: a seq_cst store is a release operation") {
  pass_message(seq_cst, acquire);
}

NO_RACE(store_seq_cst_load_seq_cst, "[atomics.order]/1: both a release and an acquire operation") {
  pass_message(seq_cst, seq_cst);
}

NO_RACE(message_by_a_bool, "[atomics.order]/2, whatever the size of the object: 1 byte") {
  pass_message<bool>(release, acquire);
}

RACE(message_by_a_relaxed_bool, "[atomics.order]/1, whatever the size of the object: 1 byte") {
  pass_message<bool>(relaxed, relaxed);
}

NO_RACE(message_by_an_enumeration, "[atomics.order]/2, whatever the size of the object: 2 bytes") {
  pass_message<light>(release, acquire);
}

RACE(message_by_a_relaxed_enumeration, "[atomics.order]/1, whatever the size of the object: 2 bytes") {
  pass_message<light>(release, relaxed);
}

NO_RACE(message_by_a_long, "[atomics.order]/2, whatever the size of the object: 8 bytes") {
  pass_message<long>(release, acquire);
}

RACE(message_by_a_relaxed_long, "[atomics.order]/1, whatever the size of the object: 8 bytes") {
  pass_message<long>(relaxed, acquire);
}

NO_RACE(order_known_at_run_time_only, "[atomics.order]/2: an order is an ordinary value") {
  volatile std::memory_order store = release, load = acquire;
  pass_message(store, load);
}

RACE(relaxed_known_at_run_time_only, "[atomics.order]/1: an order is an ordinary value") {
  volatile std::memory_order store = release, load = relaxed;
  pass_message(store, load);
}

NO_RACE(operators_are_seq_cst,
        "[atomics.types.operations]: operator= stores, the conversion loads, by seq_cst") {
  int data = 0;
  std::atomic<bool> flag = false;
  in_threads(
      [&] {
        data = 1;
        flag = true;
      },
      [&] {
        while (!flag) snag::yield();
        look_at(data);
      });
}

NO_RACE(volatile_atomic, "[atomics.types.operations]: volatile changes no order") {
  int data = 0;
  volatile std::atomic<int> flag = 0;
  in_threads(
      [&] {
        data = 1;
        flag.store(1, release);
      },
      [&] {
        while (flag.load(acquire) == 0) snag::yield();
        look_at(data);
      });
}

NO_RACE(functions_instead_of_members, "[atomics.nonmembers]: the same operations") {
  int data = 0;
  std::atomic<int> flag = 0;
  in_threads(
      [&] {
        data = 1;
        std::atomic_store_explicit(&flag, 1, release);
      },
      [&] {
        while (std::atomic_load_explicit(&flag, acquire) == 0) snag::yield();
        look_at(data);
      });
}

RACE(relaxed_functions_instead_of_members, "[atomics.nonmembers]: the same operations") {
  int data = 0;
  std::atomic<int> flag = 0;
  in_threads(
      [&] {
        data = 1;  // <- 1
        std::atomic_store_explicit(&flag, 1, relaxed);
      },
      [&] {
        while (std::atomic_load(&flag) == 0) snag::yield();
        look_at(data);  // <- 2
      });
}

NO_RACE(consume_through_the_pointer, "[intro.races]/8: the load carries a dependency to what it points to") {
  int data = 0;
  std::atomic<int*> published = nullptr;
  in_goroutines(
      [&] {
        data = 1;
        published.store(&data, release);
      },
      [&] {
        int* seen;
        while ((seen = published.load(consume)) == nullptr) snag::yield();
        look_at(*seen);
      });
}

RACE(relaxed_through_the_pointer, "[intro.races]/8: a dependency orders only after a consume operation") {
  int data = 0;
  std::atomic<int*> published = nullptr;
  in_goroutines(
      [&] {
        data = 1;  // <- 1
        published.store(&data, release);
      },
      [&] {
        int* seen;
        while ((seen = published.load(relaxed)) == nullptr) snag::yield();
        look_at(*seen);  // <- 2
      });
}

NO_RACE(acquire_after_a_relaxed_wait,
        "[intro.races]/16: the second load reads the same store, and acquires") {
  int data = 0;
  std::atomic<int> flag = 0;
  in_threads(
      [&] {
        data = 1;
        flag.store(1, release);
      },
      [&] {
        await(flag, 1, relaxed);
        flag.load(acquire);
        look_at(data);
      });
}

RACE(acquire_after_the_access, "[intro.races]/9: the access is not sequenced after the acquire load") {
  int data = 0;
  std::atomic<int> flag = 0;
  in_threads(
      [&] {
        data = 1;  // <- 1
        flag.store(1, release);
      },
      [&] {
        await(flag, 1, relaxed);
        look_at(data);  // <- 2
        flag.load(acquire);
      });
}

RACE(release_before_the_access, "[intro.races]/9: the access is not sequenced before the release store") {
  int data = 0;
  std::atomic<int> flag = 0;
  in_goroutines(
      [&] {
        flag.store(1, release);
        data = 1;  // <- 1
      },
      [&] {
        await(flag, 1, acquire);
        look_at(data);  // <- 2
      });
}

RACE(acquire_of_another_object, "[atomics.order]/2: both operations have to be on one object") {
  int data = 0;
  std::atomic<int> flag = 0, other = 0;
  in_goroutines(
      [&] {
        data = 1;  // <- 1
        flag.store(1, release);
      },
      [&] {
        await(flag, 1, relaxed);
        other.load(acquire);
        look_at(data);  // <- 2
      });
}

RACE(acquire_of_an_earlier_value,
     "[atomics.order]/2: the acquire load reads what was there before the release") {
  int data = 0;
  std::atomic<int> flag = 0, loaded = 0, stored = 0;
  in_goroutines(
      [&] {
        await(loaded, 1, acquire);
        data = 1;  // <- 1
        flag.store(1, release);
        stored.store(1, relaxed);
      },
      [&] {
        flag.load(acquire);
        loaded.store(1, release);
        await(stored, 1, relaxed);
        look_at(data);  // <- 2
      });
}

RACE(a_seq_cst_store_acquires_nothing, "[atomics.order]/1: a store is a release operation only") {
  int data = 0;
  std::atomic<int> flag = 0;
  in_threads(
      [&] {
        data = 1;  // <- 1
        flag.store(1, seq_cst);
      },
      [&] {
        await(flag, 1, relaxed);
        flag.store(2, seq_cst);
        data = 2;  // <- 2
      });
}

RACE(a_seq_cst_load_releases_nothing, "[atomics.order]/1: a load is an acquire operation only") {
  int data = 0;
  std::atomic<int> flag = 0;
  in_threads(
      [&] {
        data = 1;  // <- 1
        flag.load(seq_cst);
        flag.store(1, relaxed);
      },
      [&] {
        await(flag, 1, seq_cst);
        data = 2;  // <- 2
      });
}

RACE(acquiring_orders_one_way,
     "[intro.races]/9: what follows the release store is not ordered before the load") {
  int before = 0, after = 0;
  std::atomic<int> flag = 0;
  in_threads(
      [&] {
        before = 1;
        flag.store(1, release);
        after = 1;  // <- 1
      },
      [&] {
        await(flag, 1, acquire);
        look_at(before);
        after = 2;  // <- 2
      });
}

NO_RACE(relaxed_atomics_alone, "[intro.races]/21: atomic operations do not race with each other") {
  std::atomic<int> object = 0;
  in_goroutines([&] { object.store(1, relaxed); }, [&] { object.store(2, relaxed); },
                [&] { look_at(object.load(relaxed)); }, [&] { object.fetch_add(3, relaxed); });
}
