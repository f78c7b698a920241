// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which test case runs, as its framework says (<snag/gtest.h>), and in which ones a finding was seen.
#include <atomic>

#include "detector/src/internal_memory.h"

namespace snag::detector {

// Of a name, once in the process, however often the test runs; lives as long as that.
struct test_name {
  const char* quoted;  // as a JSON string, quotes included
};

// Null: none, or nobody says. The test is the process's: goroutines that another one left behind count as
// this one's, as in Go.
const test_name* current_test() noexcept;

// Grows at its end alone: a signal handler may read it while it does. Adding is for one thread at a time.
class test_names {
 public:
  struct entry {
    const test_name* test;
    std::atomic<entry*> next{nullptr};
  };
  void add(const test_name*);  // unless it is there
  const entry* first() const noexcept { return first_.load(std::memory_order_acquire); }

 private:
  std::atomic<entry*> first_{nullptr};
  entry* last_ = nullptr;
  const test_name* added_ = nullptr;  // most often it is the same
};

}  // namespace snag::detector
