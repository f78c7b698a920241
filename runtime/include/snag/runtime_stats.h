// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the scheduler is doing: enough to see goroutines pile up, and where they wait. A snapshot; the numbers
// are counted one after the other while the program runs. Thread-safe.
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace snag {

struct wait_site {
  std::string reason;    // "chan receive": the words of dumps
  std::string function;  // the user's that waited; "" if unknown
  std::string file;
  int line = 0;
  std::uint64_t count = 0;            // waits that began here
  std::int64_t waiting = 0;           // of those, not over yet
  std::chrono::nanoseconds total{0};  // time spent in all of them
};

struct runtime_statistics {
  struct waiting_for {
    std::string reason;
    std::int64_t count;
  };
  // --- Goroutines alive: the three kinds add up to `goroutines`.
  std::int64_t goroutines = 0;
  std::int64_t running = 0;
  std::int64_t runnable = 0;
  std::vector<waiting_for> waiting;
  std::int64_t locked_to_threads = 0;
  // --- Since the start.
  std::uint64_t created = 0;
  std::uint64_t ended = 0;
  std::uint64_t switches = 0;
  std::uint64_t steals = 0;  // by workers that had nothing to do
  // --- Now.
  std::uint32_t workers = 0;    // threads that run goroutines, idle ones included
  std::uint64_t timers = 0;     // armed, sleeps included
  std::size_t stack_bytes = 0;  // address space of the goroutines' stacks; memory is what they touched of it
  std::size_t pooled_stacks = 0;
  // The longest first; empty unless collect_wait_sites(true) came before.
  std::vector<wait_site> wait_sites;

  std::int64_t waiting_in_all() const noexcept {
    std::int64_t sum = 0;
    for (const waiting_for& w : waiting) sum += w.count;
    return sum;
  }
};

runtime_statistics runtime_stats();
// From now on every wait is counted where it happens, which costs it a microsecond or so.
void collect_wait_sites(bool on);

}  // namespace snag
