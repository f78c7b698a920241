// SPDX-License-Identifier: Apache-2.0
// Atomic objects that are not integers: floating-point numbers, pointers with arithmetic, structures of 8 and
// of 16 bytes.
#include "litmus.h"

namespace {

template <class Number>
void add_halves() {
  std::atomic<Number> sum = 0;
  const auto add = [&] {
    for (int i = 0; i < 4; ++i) sum.fetch_add(Number(0.5), relaxed);
  };
  in_threads(add, add);
  check(sum.load(relaxed) == Number(4));
}

// The first half of a sum is released by whoever adds it.
template <class Number>
void add_and_look(std::memory_order add, std::memory_order look) {
  int data = 0;
  std::atomic<Number> sum = 0;
  in_goroutines(
      [&] {
        data = 1;
        sum.fetch_add(Number(0.5), add);
      },
      [&] {
        await(sum, Number(0.5), look);
        look_at(data);
      });
}

struct range {
  int begin = 0, end = 0;
  bool operator==(const range&) const = default;
};

struct alignas(16) counted_pointer {
  int* pointer = nullptr;
  long count = 0;
};

void pass_pointer(std::memory_order store, std::memory_order load) {
  int data = 0;
  std::atomic<counted_pointer> head{counted_pointer{}};
  in_goroutines(
      [&] {
        data = 1;
        head.store({&data, 1}, store);
      },
      [&] {
        counted_pointer seen;
        while ((seen = head.load(load)).pointer == nullptr) snag::yield();
        check(seen.count == 1);
        look_at(*seen.pointer);
      });
}

// The tag counts the changes, so that the same pointer later is another value.
void change_pointer(std::memory_order success, std::memory_order load) {
  int data = 0;
  std::atomic<counted_pointer> head{counted_pointer{}};
  in_threads(
      [&] {
        data = 1;
        counted_pointer seen = head.load(relaxed);
        while (!head.compare_exchange_weak(seen, {&data, seen.count + 1}, success, relaxed)) {
        }
      },
      [&] {
        counted_pointer seen;
        while ((seen = head.load(load)).pointer == nullptr) snag::yield();
        look_at(*seen.pointer);
      });
}

// Elements are added at the end, which others see as a pointer.
void append(std::memory_order add, std::memory_order look) {
  int elements[3] = {};
  std::atomic<int*> end = elements;
  in_threads(
      [&] {
        for (int& element : elements) {
          element = 1;
          end.fetch_add(1, add);
        }
      },
      [&] {
        for (const int* next = elements; next != elements + 3; ++next) {
          while (end.load(look) <= next) snag::yield();
          look_at(*next);
        }
      });
}

}  // namespace

NO_RACE(sum_of_floats, "[atomics.types.float]: fetch_add is atomic") { add_halves<float>(); }

NO_RACE(sum_of_doubles, "[atomics.types.float]: fetch_add is atomic") { add_halves<double>(); }

NO_RACE(sum_of_floats_release_acquire, "[atomics.order]/2: the load reads what the release operation wrote") {
  add_and_look<float>(release, acquire);
}

RACE(sum_of_floats_relaxed_acquire, "[atomics.order]/1: relaxed is no release operation") {
  add_and_look<float>(relaxed, acquire);
}

NO_RACE(sum_of_doubles_acq_rel_acquire,
        "[atomics.order]/2: the load reads what the release operation wrote") {
  add_and_look<double>(acq_rel, acquire);
}

RACE(sum_of_doubles_acquire_acquire, "[atomics.order]/1: acquire is no release operation") {
  add_and_look<double>(acquire, acquire);
}

RACE(sum_of_doubles_seq_cst_relaxed, "[atomics.order]/1: a relaxed load is no acquire operation") {
  add_and_look<double>(seq_cst, relaxed);
}

NO_RACE(places_handed_out_by_a_pointer, "[atomics.types.pointer]: each fetch_add gets a place of its own") {
  int places[4] = {};
  std::atomic<int*> next = places;
  const auto fill = [&] {
    for (int i = 0; i < 2; ++i) *next.fetch_add(1, relaxed) = 1;
  };
  in_goroutines(fill, fill);
  check(next.load() == places + 4 && places[3] == 1);
}

RACE(places_handed_out_by_a_load_and_a_store,
     "[intro.races]/21: nothing orders the second write to a place") {
  int places[2] = {};
  std::atomic<int*> next = places;
  std::atomic<int> loaded = 0;
  const auto fill = [&] {
    int* const mine = next.load(relaxed);
    loaded.fetch_add(1, acq_rel);
    await(loaded, 2, acquire);
    next.store(mine + 1, relaxed);
    *mine = 1;  // <- 1 2
  };
  in_goroutines(fill, fill);
}

NO_RACE(places_handed_out_by_increments, "[atomics.types.pointer]: ++ and -- are read-modify-writes") {
  int places[4] = {};
  std::atomic<int*> front = places, back = places + 4;
  in_threads([&] { *front++ = 1; }, [&] { *front++ = 2; }, [&] { *--back = 3; }, [&] { *--back = 4; });
  check(places[0] + places[1] == 3 && places[2] + places[3] == 7);
}

NO_RACE(elements_before_the_end,
        "[atomics.order]/2: the load reads from a release sequence of each addition") {
  append(release, acquire);
}

RACE(elements_before_a_relaxed_end, "[atomics.order]/1: relaxed is no release operation") {
  append(relaxed, acquire);
}

RACE(elements_before_an_end_looked_at_relaxed, "[atomics.order]/1: a relaxed load is no acquire operation") {
  append(release, relaxed);
}

NO_RACE(structure_of_8_bytes, "[atomics.types.generic]: any trivially copyable type") {
  int data[10] = {};
  std::atomic<range> written{range{}};
  in_threads(
      [&] {
        for (int i = 2; i < 6; ++i) data[i] = 1;
        written.store({2, 6}, release);
      },
      [&] {
        range seen;
        while ((seen = written.load(acquire)) == range{}) snag::yield();
        for (int i = seen.begin; i < seen.end; ++i) look_at(data[i]);
      });
}

RACE(structure_of_8_bytes_relaxed, "[atomics.order]/1: a relaxed store is no release operation") {
  int data[10] = {};
  std::atomic<range> written{range{}};
  in_threads(
      [&] {
        data[2] = 1;  // <- 1
        written.store({2, 3}, relaxed);
      },
      [&] {
        while (written.load(acquire) == range{}) snag::yield();
        look_at(data[2]);  // <- 2
      });
}

NO_RACE(structure_of_8_bytes_exchanged, "[intro.races]/5: an exchange continues the sequence") {
  int data = 0;
  std::atomic<range> object{range{}};
  in_goroutines(
      [&] {
        data = 1;
        object.store({1, 1}, release);
      },
      [&] {
        await(object, {1, 1}, relaxed);
        object.exchange({1, 2}, relaxed);
      },
      [&] {
        await(object, {1, 2}, relaxed);
        object.load(acquire);
        look_at(data);
      });
}

NO_RACE(structure_of_16_bytes, "[atomics.order]/2: the load reads from the release store") {
  pass_pointer(release, acquire);
}

RACE(structure_of_16_bytes_store_relaxed, "[atomics.order]/1: a relaxed store is no release operation") {
  pass_pointer(relaxed, seq_cst);
}

RACE(structure_of_16_bytes_load_relaxed, "[atomics.order]/1: a relaxed load is no acquire operation") {
  pass_pointer(seq_cst, relaxed);
}

NO_RACE(structure_of_16_bytes_compare_exchange, "[atomics.order]/2: the load reads what the exchange wrote") {
  change_pointer(release, acquire);
}

RACE(structure_of_16_bytes_compare_exchange_relaxed, "[atomics.order]/1: relaxed is no release operation") {
  change_pointer(relaxed, acquire);
}

RACE(half_of_16_bytes, "[intro.races]/21: the whole is stored at once, the half is read") {
  counted_pointer object;
  in_threads([&] { std::atomic_ref(object).store({nullptr, 1}); },  // <- 1
             [&] { look_at(object.count); });                       // <- 2
}
