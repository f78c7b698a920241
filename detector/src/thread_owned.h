// SPDX-License-Identifier: Apache-2.0
#pragma once
// The heap that hangs on the calling thread's thread_locals: what goroutines hand on when they take turns
// with a thread_local container. Found by a conservative scan, from the thread's TLS through blocks that
// instrumented code allocated. Asked only about a race between two that took turns, so an answer in doubt
// costs at most a report in that run.
#include <cstdint>

#include "detector/src/internal_memory.h"

namespace snag::detector {

// Not thread-safe: the reporter's lock protects it.
class thread_owned_heap {
 public:
  // `turn`: the calling thread's, not 0. One scan a turn.
  bool holds(std::uint64_t address, std::uint32_t turn) noexcept;

 private:
  void scan(std::uint64_t low, std::uint64_t high) noexcept;

  const void* thread_ = nullptr;
  std::uint32_t turn_ = 0;
  struct block {
    std::uint64_t begin, end;
  };
  vector<block> blocks_;
  unordered_map<std::uint64_t, bool> known_;  // by begin
};

}  // namespace snag::detector
