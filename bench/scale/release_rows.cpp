// SPDX-License-Identifier: Apache-2.0
// What grows with the number of releases, and with the work between two of them.
#include <algorithm>
#include <memory>
#include <mutex>

#include "rows.h"

namespace scale {
namespace {

constexpr long accesses = 1L << 20;  // of the rows of accesses between releases, together

// Two goroutines, on one worker, take turns with a mutex, `size` accesses each time: turn(side, size) in it.
template <class Turn>
void between_releases(const char* row, long size, Turn turn) {
  snag::max_procs(1);
  const long turns = std::clamp(accesses / size / 2, 100L, 200'000L);
  snag::mutex mutex;
  snag::wait_group both;
  const auto begin = clock_type::now();
  for (int side = 0; side < 2; ++side)
    both.go([&, side] {
      for (long i = 0; i < turns; ++i) {
        {
          const std::lock_guard lock(mutex);
          turn(side, size);
        }
        snag::yield();
      }
    });
  both.wait();
  print(row, nanoseconds_since(begin), 2 * turns * size);
}

struct account {
  long paid_in = 0, paid_out = 0, interest = 0, fees = 0, rounding = 0, lowest = 0, highest = 0, moves = 0;
};
void update_fields(account& a, long count) {
  for (long i = 0; i < count; ++i) {
    switch (i % 8) {
      case 0:
        a.paid_in += i;
        break;
      case 1:
        a.paid_out -= i;
        break;
      case 2:
        a.interest += i / 8;
        break;
      case 3:
        a.fees += 3;
        break;
      case 4:
        a.rounding ^= i;
        break;
      case 5:
        a.lowest = std::min(a.lowest, i);
        break;
      case 6:
        a.highest = std::max(a.highest, i);
        break;
      case 7:
        ++a.moves;
        break;
    }
  }
}

constexpr long elements = 4096;
// Elements in an order that jumps.
void update_elements(long* array, long count) {
  for (long i = 0, place = 0; i < count; ++i) {
    array[place] += i;
    place = (place * 5 + 2531) % elements;
  }
}

}  // namespace

// Two goroutines release and acquire `size` times together, each with a write under the lock.
void releases(const char* row, long size) {
  snag::mutex mutex;
  long counter = 0;
  snag::wait_group both;
  const auto begin = clock_type::now();
  for (int side = 0; side < 2; ++side) {
    both.go([&] {
      for (long i = 0; i < size / 2; ++i) {
        const std::lock_guard lock(mutex);
        ++counter;
      }
    });
  }
  both.wait();
  print(row, nanoseconds_since(begin), size);
}

void own_fields(const char* row, long size) {
  const auto accounts = std::make_unique<account[]>(2);
  between_releases(row, size, [&](int side, long count) { update_fields(accounts[side], count); });
}
void handed_fields(const char* row, long size) {
  const auto accounts = std::make_unique<account>();
  between_releases(row, size, [&](int, long count) { update_fields(*accounts, count); });
}
void own_array(const char* row, long size) {
  const auto array = std::make_unique<long[]>(2 * elements);
  between_releases(row, size,
                   [&](int side, long count) { update_elements(array.get() + side * elements, count); });
}
void handed_array(const char* row, long size) {
  const auto array = std::make_unique<long[]>(elements);
  between_releases(row, size, [&](int, long count) { update_elements(array.get(), count); });
}

}  // namespace scale
