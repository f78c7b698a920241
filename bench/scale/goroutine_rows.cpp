// SPDX-License-Identifier: Apache-2.0
// What grows with the number of goroutines.
#include <algorithm>
#include <cstdlib>
#include <memory>
#include <mutex>

#include "rows.h"

namespace scale {
namespace {

// The time that `size` goroutines, all alive when the clock starts, take for body(i) each; each has a copy.
template <class Body>
double run_together(long size, Body body) {
  snag::chan<int> start;
  snag::wait_group ready, done;
  ready.add(static_cast<int>(size));
  for (long i = 0; i < size; ++i) {
    done.go([&ready, start, body, i] {
      ready.done();
      start.recv();
      body(i);
    });
  }
  ready.wait();
  const auto begin = clock_type::now();
  start.close();
  done.wait();
  return nanoseconds_since(begin);
}

}  // namespace

// `size` goroutines, all alive, take turns with one mutex: 300,000 times together, and at least 3 times
// each. Each lets the others go first, so nearly every turn learns what others did.
void one_mutex(const char* row, long size) {
  const long turns = std::max(3L, 300'000 / size);
  snag::mutex mutex;
  long counter = 0;
  const double taken = run_together(size, [&mutex, &counter, turns](long) {
    for (long turn = 0; turn < turns; ++turn) {
      {
        const std::lock_guard lock(mutex);
        ++counter;
      }
      snag::yield();
    }
  });
  if (counter != size * turns) std::abort();
  print(row, taken, counter);
}

// `size` goroutines, all alive, each with 32 numbers of its own, which it adds to 100 times for each time
// that it adds to a sum of all, under a mutex: 200,000 times together, and at least twice each.
void own_work(const char* row, long size) {
  constexpr long own_numbers = 32, steps = 100;
  const long turns = std::max(2L, 200'000 / size);
  const auto numbers = std::make_unique<long[]>(static_cast<std::size_t>(size * own_numbers));
  snag::mutex mutex;
  long sum = 0;
  const double taken = run_together(size, [&mutex, &sum, turns, all = numbers.get()](long i) {
    long* const own = all + i * own_numbers;
    for (long turn = 0; turn < turns; ++turn) {
      for (long step = 0; step < steps; ++step) own[step * 5 % own_numbers] += step;
      {
        const std::lock_guard lock(mutex);
        sum += own[0];
      }
      snag::yield();
    }
  });
  print(row, taken, size * turns);
}

// `size` goroutines, about a hundred at a time, with a variable of their own; nobody waits for a single one
// of them.
void short_goroutines(const char* row, long size) {
  const auto begin = clock_type::now();
  for (long i = 0; i < size; ++i) {
    snag::go([i] {
      volatile long own = i;
      own = own + 1;
    });
    if (i % 100 == 0) snag::yield();
  }
  print(row, nanoseconds_since(begin), size);
}

}  // namespace scale
