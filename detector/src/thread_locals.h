// SPDX-License-Identifier: Apache-2.0
#pragma once
// Thread-local storage under goroutines. Those that run on one OS thread take turns with its thread_locals:
// what one did there before it left the thread is ordered before what the next one does there, although
// nothing joins the two otherwise.
#include <cstddef>
#include <cstdint>

#include "detector/src/epoch.h"
#include "detector/src/internal_memory.h"

namespace snag::detector {

// Who has left an OS thread, and when last. Used by that thread only.
class turn_log {
 public:
  void note(epoch left) {
    const auto i = static_cast<std::uint32_t>(left.slot);
    if (i >= left_at_.size()) left_at_.resize(i + 1 + i / 2);
    left_at_[i] = left.time;
    ++turn_;
  }
  bool covers(epoch e) const noexcept {
    const auto i = static_cast<std::uint32_t>(e.slot);
    return i < left_at_.size() && e.time <= left_at_[i];
  }
  std::uint32_t turn() const noexcept { return turn_; }  // the present one's number; 0: the first
  void clear() noexcept { left_at_.clear(); }

 private:
  vector<clock_time> left_at_;  // by slot; times start at 1
  std::uint32_t turn_ = 0;
};

// The calling thread's static TLS: what every thread has from its start, in bytes below the thread pointer.
std::size_t static_tls_size() noexcept;

// Calls visit(argument, low, high) for the calling thread's TLS of every module.
void visit_thread_locals(void (*visit)(void*, std::uint64_t low, std::uint64_t high),
                         void* argument) noexcept;
bool in_thread_locals(std::uint64_t address) noexcept;

}  // namespace snag::detector
