// SPDX-License-Identifier: Apache-2.0
// Atomic and plain accesses to one object, or to neighbours: construction and destruction of an atomic object
// are plain, and plain against atomic is a race like any other.
#include "litmus.h"

#include <cstring>
#include <memory>
#include <optional>

namespace {

// An atomic object that one makes while others run, and publishes.
void publish_new_atomic(std::memory_order store, std::memory_order load) {
  std::optional<std::atomic<int>> made;
  std::atomic<std::atomic<int>*> published = nullptr;
  in_goroutines(
      [&] {
        made.emplace(5);
        published.store(&*made, store);
      },
      [&] {
        std::atomic<int>* seen;
        while ((seen = published.load(load)) == nullptr) snag::yield();
        look_at(seen->load(seq_cst));
      });
}

struct statistics {
  std::atomic<int> hits = 0;
  int misses = 0;
};

}  // namespace

NO_RACE(new_atomic_published_by_release, "[atomics.order]/2: the initialisation is ordered before the load") {
  publish_new_atomic(release, acquire);
}

RACE(new_atomic_published_by_relaxed, "[atomics.types.operations]: initialisation is no atomic operation") {
  publish_new_atomic(relaxed, acquire);
}

RACE(new_atomic_looked_up_by_relaxed, "[atomics.types.operations]: initialisation is no atomic operation") {
  publish_new_atomic(release, relaxed);
}

RACE(new_atomic_on_the_heap_published_by_relaxed,
     "[intro.races]/21: plain initialisation against an atomic load") {
  std::atomic<std::atomic<long>*> published = nullptr;
  in_threads([&] { published.store(new std::atomic<long>(5), relaxed); },  // <- 1
             [&] {
               std::atomic<long>* seen;
               while ((seen = published.load(relaxed)) == nullptr) snag::yield();
               look_at(seen->fetch_add(1));  // <- 2
             });
  delete published.load();
}

RACE(atomic_deleted_while_it_is_used,
     "[intro.races]/21: nothing orders the end of the storage after the use") {
  auto* const counter = new std::atomic<int>(0);
  std::atomic<int> is_done = 0;
  in_goroutines(
      [&] {
        counter->fetch_add(1);  // <- 1
        is_done.store(1, relaxed);
      },
      [&] {
        await(is_done, 1, relaxed);
        delete counter;  // <- 2
      });
}

NO_RACE(atomic_deleted_after_its_last_use, "[atomics.order]/2: the use is released and acquired") {
  auto* const counter = new std::atomic<int>(0);
  std::atomic<int> is_done = 0;
  in_goroutines(
      [&] {
        counter->fetch_add(1, relaxed);
        is_done.store(1, release);
      },
      [&] {
        await(is_done, 1, acquire);
        delete counter;
      });
}

RACE(atomic_constructed_again, "[atomics.types.operations]: initialisation is no atomic operation") {
  std::optional<std::atomic<int>> object(0);
  in_threads([&] { object->store(1); },    // <- 1
             [&] { object.emplace(2); });  // <- 2
}

RACE(atomic_where_another_has_been, "[intro.races]/4: another object has another modification order") {
  int data = 0;
  std::atomic<int> is_done = 0;
  std::atomic<std::atomic<int>*> visible = nullptr;
  const auto with_a_local_object = [&](auto&& body) {
    std::atomic<int> local = 0;
    visible.store(&local, relaxed);
    body(local);
  };
  snag::wait_group both;
  both.go([&] {
    data = 1;  // <- 1
    with_a_local_object([](auto& local) { local.store(1, release); });
    is_done.store(1, relaxed);
  });
  await(is_done, 1, relaxed);
  for (int i = 0; i < 5; ++i) snag::yield();
  both.go([&] {  // on the stack of the first, which has ended
    with_a_local_object([](auto& local) { local.load(acquire); });
    data = 2;  // <- 2
  });
  both.wait();
}

RACE(atomic_where_one_of_another_thread_has_been,
     "[intro.races]/4: another object has another modification order") {
  static int data = 0;  // they outlive the thread
  static std::atomic<int> is_done = 0;
  static std::atomic<std::atomic<int>*> visible = nullptr;
  const auto with_a_local_object = [&](auto&& body) {
    std::atomic<int> local = 0;
    visible.store(&local, relaxed);
    body(local);
  };
  std::thread([=] {
    data = 1;  // <- 1
    with_a_local_object([](auto& local) { local.store(1, release); });
    is_done.store(1, relaxed);
  }).detach();
  await(is_done, 1, relaxed);
  for (int i = 0; i < 100; ++i) snag::yield();
  std::thread([=] {
    with_a_local_object([](auto& local) { local.load(acquire); });
    data = 2;  // <- 2
  }).join();
  look_at(data);  // <- 2
}

NO_RACE(relaxed_counter_read_after_the_end, "[intro.races]/10: ordered by the end of the threads") {
  std::atomic<int> counter = 0;
  in_threads([&] { counter.fetch_add(1, relaxed); }, [&] { counter.fetch_add(2, relaxed); });
  check(counter.load(relaxed) == 3);
}

RACE(bytes_of_an_atomic_copied, "[intro.races]/21: memcpy reads without an atomic operation") {
  statistics s;
  in_threads([&] { s.hits.fetch_add(1); },  // <- 1
             [&] {
               int copy;
               std::memcpy(&copy, static_cast<const void*>(&s.hits), sizeof copy);  // <- 2
               look_at(copy);
             });
}

RACE(bytes_of_an_atomic_cleared, "[intro.races]/21: memset writes without an atomic operation") {
  statistics s;
  in_threads([&] { look_at(s.hits.load()); },                                   // <- 1
             [&] { std::memset(static_cast<void*>(&s), 0, sizeof(s.hits)); });  // <- 2
}

NO_RACE(plain_member_beside_an_atomic_one, "[intro.memory]/3: two memory locations") {
  statistics s;
  in_goroutines([&] { s.hits.fetch_add(1, relaxed); }, [&] { ++s.misses; });
}

RACE(plain_member_behind_an_atomic_one, "[atomics.order]/1: a relaxed counter orders nothing") {
  statistics s;
  in_goroutines(
      [&] {
        s.misses = 1;  // <- 1
        s.hits.fetch_add(1, relaxed);
      },
      [&] {
        await(s.hits, 1, acquire);
        look_at(s.misses);  // <- 2
      });
}

NO_RACE(bytes_of_one_word, "[intro.memory]/3: atomic and plain bytes side by side") {
  struct {
    std::atomic<char> atomic = 0;
    char plain = 0;
    std::atomic<short> wide = 0;
  } word;
  in_threads([&] { word.atomic.store(1, relaxed); }, [&] { word.plain = 1; },
             [&] { word.wide.fetch_add(1, relaxed); });
}

RACE(volatile_is_not_atomic, "[intro.races]/21: volatile accesses are not atomic") {
  int data = 0;
  volatile int flag = 0;
  in_goroutines(
      [&] {
        data = 1;  // <- 1
        flag = 1;  // <- 1
      },
      [&] {
        while (flag == 0) snag::yield();  // <- 2
        look_at(data);                    // <- 2
      });
}

NO_RACE(stop_flag, "[intro.races]/21: the flag is atomic, and nothing else is shared") {
  std::atomic<bool> stop = false;
  int work = 0;
  in_goroutines(
      [&] {
        while (!stop.load(relaxed)) {
          ++work;
          snag::yield();
        }
      },
      [&] { stop.store(true, relaxed); });
  look_at(work);
}

RACE(result_behind_a_stop_flag, "[atomics.order]/1: the flag is relaxed, and orders no result") {
  std::atomic<bool> has_stopped = false;
  int work = 0;
  in_goroutines(
      [&] {
        work = 1;  // <- 1
        has_stopped.store(true, relaxed);
      },
      [&] {
        await(has_stopped, true, relaxed);
        look_at(work);  // <- 2
      });
}

NO_RACE(shared_pointer_handed_over, "[util.smartptr.atomic]: a load reads from the store") {
  std::atomic<std::shared_ptr<int>> current;
  in_goroutines([&] { current.store(std::make_shared<int>(1)); },
                [&] {
                  std::shared_ptr<int> seen;
                  while ((seen = current.load()) == nullptr) snag::yield();
                  ++*seen;
                });
}

RACE(shared_pointer_changed_after_the_store,
     "[intro.races]/9: what follows the store is not released by it") {
  const auto mine = std::make_shared<int>(1);
  std::atomic<std::shared_ptr<int>> current;
  in_goroutines(
      [&] {
        current.store(mine);
        *mine = 2;  // <- 1
      },
      [&] {
        std::shared_ptr<int> seen;
        while ((seen = current.load()) == nullptr) snag::yield();
        look_at(*seen);  // <- 2
      });
}

NO_RACE(shared_pointer_compare_exchange,
        "[util.smartptr.atomic]: the failure acquires what the success released") {
  std::atomic<std::shared_ptr<int>> current;
  const auto compete = [&] {
    std::shared_ptr<int> seen, mine = std::make_shared<int>(1);
    if (current.compare_exchange_strong(seen, mine)) seen = mine;
    look_at(*seen);
  };
  in_threads(compete, compete);
}

NO_RACE(shared_pointer_exchange, "[util.smartptr.atomic]: an exchange reads from the exchange before it") {
  std::atomic<std::shared_ptr<int>> current = std::make_shared<int>(0);
  const auto increment = [&] {
    std::shared_ptr<int> mine;
    while ((mine = current.exchange(nullptr)) == nullptr) snag::yield();
    ++*mine;
    current.store(mine);
  };
  in_goroutines(increment, increment, increment);
  check(*current.load() == 3);
}

RACE(plain_shared_pointer, "[intro.races]/21: assigning a shared_ptr is no atomic operation") {
  std::shared_ptr<int> current;
  auto first = std::make_shared<int>(1), second = std::make_shared<int>(2);
  in_threads([&] { current = first; },    // <- 1
             [&] { current = second; });  // <- 2
}

NO_RACE(weak_pointer_handed_over, "[util.smartptr.atomic]: a load reads from the store") {
  std::atomic<std::weak_ptr<int>> current;
  std::shared_ptr<int> owner;
  in_goroutines(
      [&] {
        owner = std::make_shared<int>(1);
        current.store(owner);
      },
      [&] {
        std::shared_ptr<int> seen;
        while ((seen = current.load().lock()) == nullptr) snag::yield();
        look_at(*seen);
      });
}
