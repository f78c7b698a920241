// SPDX-License-Identifier: Apache-2.0
// std::atomic_ref: while it lives, the plain object it refers to is an atomic one. Before and after, it is
// plain, and whoever goes past it meanwhile races.
#include "litmus.h"

#include <memory>
#include <vector>

namespace {

void pass_message(std::memory_order store, std::memory_order load) {
  int data = 0, flag = 0;
  in_goroutines(
      [&] {
        data = 1;
        std::atomic_ref(flag).store(1, store);
      },
      [&] {
        const std::atomic_ref reference(flag);
        await(reference, 1, load);
        look_at(data);
      });
}

struct point {
  int x = 0, y = 0;
};

}  // namespace

NO_RACE(reference_release_acquire, "[atomics.ref.generic]: the operations are those of an atomic object") {
  pass_message(release, acquire);
}

RACE(reference_relaxed_store, "[atomics.order]/1: a relaxed store is no release operation") {
  pass_message(relaxed, acquire);
}

RACE(reference_relaxed_load, "[atomics.order]/1: a relaxed load is no acquire operation") {
  pass_message(release, relaxed);
}

NO_RACE(references_of_two_threads, "[atomics.ref.generic]: atomic with respect to every other reference") {
  int count = 0;
  const auto add = [&] { std::atomic_ref(count).fetch_add(1, relaxed); };
  in_threads(add, add, add);
  check(count == 3);
}

NO_RACE(plain_before_and_after_the_references,
        "[intro.races]/10: ordered by the start and the end of the threads") {
  int count = 7;
  in_goroutines([&] { std::atomic_ref(count).fetch_add(1, relaxed); },
                [&] { std::atomic_ref(count).fetch_sub(3, relaxed); });
  ++count;
  check(count == 6);
}

RACE(reference_writes_plain_reads, "[intro.races]/21: one of the two is not atomic") {
  int count = 0;
  in_goroutines([&] { std::atomic_ref(count).store(1); },  // <- 1
                [&] { look_at(count); });                  // <- 2
}

RACE(reference_reads_plain_writes, "[intro.races]/21: one of the two is not atomic") {
  int count = 0;
  in_threads([&] { look_at(std::atomic_ref(count).load()); },  // <- 1
             [&] { count = 1; });                              // <- 2
}

RACE(reference_adds_plain_adds, "[intro.races]/21: one of the two is not atomic") {
  int count = 0;
  in_threads([&] { std::atomic_ref(count).fetch_add(1); },  // <- 1
             [&] { ++count; });                             // <- 2
}

RACE(plain_write_before_a_relaxed_message,
     "[atomics.order]/1: the reference's load is not ordered after it") {
  int object = 0;
  std::atomic<int> flag = 0;
  in_goroutines(
      [&] {
        object = 1;  // <- 1
        flag.store(1, relaxed);
      },
      [&] {
        await(flag, 1, relaxed);
        look_at(std::atomic_ref(object).load(seq_cst));  // <- 2
      });
}

NO_RACE(plain_write_before_a_released_message, "[atomics.order]/2: the message orders it") {
  int object = 0;
  std::atomic<int> flag = 0;
  in_goroutines(
      [&] {
        object = 1;
        flag.store(1, release);
      },
      [&] {
        await(flag, 1, acquire);
        check(std::atomic_ref(object).load(relaxed) == 1);
      });
}

RACE(plain_read_after_a_relaxed_count, "[intro.races]/21: that the count is complete orders nothing") {
  int count = 0;
  std::atomic<int> finished = 0;
  in_threads(
      [&] {
        std::atomic_ref(count).fetch_add(1, relaxed);  // <- 1
        finished.fetch_add(1, relaxed);
      },
      [&] {
        await(finished, 1, relaxed);
        look_at(count);  // <- 2
      });
}

NO_RACE(elements_of_an_array, "[intro.memory]/3: each element is a memory location of its own") {
  char letters[4] = {};
  in_goroutines([&] { std::atomic_ref(letters[0]).store('a', relaxed); },
                [&] { std::atomic_ref(letters[1]).fetch_add(1, relaxed); }, [&] { letters[2] = 'c'; },
                [&] { look_at(letters[3]); });
}

NO_RACE(members_of_a_structure, "[intro.memory]/3: each member is a memory location of its own") {
  point p;
  in_threads([&] { std::atomic_ref(p.x).store(1, relaxed); }, [&] { p.y = 1; });
}

RACE(copy_of_the_whole_structure, "[intro.races]/21: the copy reads the member without an atomic operation") {
  point p;
  in_threads([&] { std::atomic_ref(p.x).store(1, relaxed); },  // <- 1
             [&] {
               const point copy = p;  // <- 2
               look_at(copy.x);
             });
}

NO_RACE(reference_to_a_structure, "[atomics.ref.generic]: any trivially copyable type") {
  alignas(std::atomic_ref<point>::required_alignment) point p;
  int data = 0;
  in_goroutines(
      [&] {
        data = 1;
        std::atomic_ref(p).store({1, 2}, release);
      },
      [&] {
        while (std::atomic_ref(p).load(acquire).y != 2) snag::yield();
        look_at(data);
      });
}

RACE(reference_to_a_structure_plain_member,
     "[intro.races]/21: the whole is stored at once, the part is read") {
  alignas(std::atomic_ref<point>::required_alignment) point p;
  in_goroutines([&] { std::atomic_ref(p).store({1, 2}); },  // <- 1
                [&] { look_at(p.y); });                     // <- 2
}

NO_RACE(reference_to_a_double, "[atomics.ref.float]: fetch_add") {
  double sum = 0;
  const auto add = [&] { std::atomic_ref(sum).fetch_add(0.5, relaxed); };
  in_threads(add, add);
  check(sum == 1.0);
}

RACE(reference_to_a_double_plain_read, "[intro.races]/21: one of the two is not atomic") {
  double sum = 0;
  in_threads([&] { std::atomic_ref(sum).fetch_add(0.5); },  // <- 1
             [&] { look_at(static_cast<int>(sum)); });      // <- 2
}

NO_RACE(reference_to_a_pointer, "[atomics.ref.pointer]: the pointee is ordered by release and acquire") {
  int data = 0;
  int* published = nullptr;
  in_goroutines(
      [&] {
        data = 1;
        std::atomic_ref(published).store(&data, release);
      },
      [&] {
        int* seen;
        while ((seen = std::atomic_ref(published).load(acquire)) == nullptr) snag::yield();
        look_at(*seen);
      });
}

NO_RACE(reference_compare_exchange, "[atomics.order]/2: the failure acquires what the success released") {
  int data[2] = {}, winner = 0;
  const auto compete = [&](int self) {
    data[self - 1] = 1;
    int seen = 0;
    if (std::atomic_ref(winner).compare_exchange_strong(seen, self, release, acquire)) seen = self;
    look_at(data[seen - 1]);
  };
  in_threads([&] { compete(1); }, [&] { compete(2); });
}

RACE(reference_compare_exchange_relaxed, "[atomics.types.operations]: the failure acquires nothing") {
  int data[2] = {}, winner = 0;
  const auto compete = [&](int self) {
    data[self - 1] = 1;  // <- 1
    int seen = 0;
    if (std::atomic_ref(winner).compare_exchange_strong(seen, self, release, relaxed)) seen = self;
    look_at(data[seen - 1]);  // <- 2
  };
  in_threads([&] { compete(1); }, [&] { compete(2); });
}

NO_RACE(reference_continues_a_release_sequence,
        "[intro.races]/5: a read-modify-write, by whatever reference") {
  int data = 0, stage = 0;
  in_goroutines(
      [&] {
        data = 1;
        std::atomic_ref(stage).store(1, release);
      },
      [&] {
        await(std::atomic_ref(stage), 1, relaxed);
        std::atomic_ref(stage).exchange(2, relaxed);
      },
      [&] {
        await(std::atomic_ref(stage), 2, acquire);
        look_at(data);
      });
}

NO_RACE(histogram_by_references, "[atomics.ref.generic]: elements of a vector, counted by everybody") {
  std::vector<int> histogram(4);
  const auto count = [&] {
    for (unsigned i = 0; i < 20; ++i) std::atomic_ref(histogram[i % 4]).fetch_add(1, relaxed);
  };
  in_goroutines(count, count);
  check(histogram[3] == 10);
}

RACE(histogram_with_a_plain_count, "[intro.races]/21: one of the two is not atomic") {
  std::vector<int> histogram(4);
  in_goroutines(
      [&] {
        for (unsigned i = 0; i < 20; ++i) std::atomic_ref(histogram[i % 4]).fetch_add(1, relaxed);  // <- 1
      },
      [&] {
        for (unsigned i = 0; i < 20; ++i) ++histogram[i % 4];  // <- 2
      });
}
