// SPDX-License-Identifier: Apache-2.0
// What grows with the clocks that goroutines pass on: two goroutines synchronise, on one worker, so that each
// turn learns what the other's last one released, and both know of `size` others.
#include <algorithm>
#include <atomic>
#include <memory>
#include <mutex>

#include "rows.h"

namespace scale {
namespace {

constexpr long turns = 100'000;  // of each of the two

// Makes the caller's clock one of that many entries: so many goroutines each write an element, and are waited
// for. What they wrote is on record as long as the elements are kept, so their slots stay in use.
std::unique_ptr<long[]> know_of(long entries) {
  auto written = std::make_unique<long[]>(static_cast<std::size_t>(entries));
  constexpr long together = 100;
  for (long first = 0; first < entries; first += together) {
    snag::wait_group done;
    for (long i = first; i < std::min(entries, first + together); ++i)
      done.go([element = &written[static_cast<std::size_t>(i)]] { *element = 1; });
    done.wait();
  }
  return written;
}

template <class Turn>
void take_turns(const char* row, long entries, Turn turn) {
  snag::max_procs(1);
  const auto written = know_of(entries);
  snag::wait_group both;
  const auto begin = clock_type::now();
  for (int side = 0; side < 2; ++side)
    both.go([&, side] {
      for (long i = 0; i < turns; ++i) turn(side);
    });
  both.wait();
  print(row, nanoseconds_since(begin), 2 * turns);
}

}  // namespace

void clock_mutex(const char* row, long size) {
  snag::mutex mutex;
  long counter = 0;
  take_turns(row, size, [&](int) {
    {
      const std::lock_guard lock(mutex);
      ++counter;
    }
    snag::yield();
  });
}

void clock_channel(const char* row, long size) {
  snag::chan<long> there, back;
  take_turns(row, size, [&](int side) {
    if (side == 0) {
      there.send(1);
      back.recv();
    } else {
      there.recv();
      back.send(1);
    }
  });
}

void clock_atomic(const char* row, long size) {
  std::atomic<long> counter = 0;
  take_turns(row, size, [&](int) {
    counter.fetch_add(1, std::memory_order_acq_rel);
    snag::yield();
  });
}

}  // namespace scale
