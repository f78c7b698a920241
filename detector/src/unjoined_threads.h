// SPDX-License-Identifier: Apache-2.0
#pragma once
// Threads that somebody has yet to join or detach. One that has ended by the end of the process, and that
// nobody can join any more, is a finding: its stack is kept for ever. ThreadSanitizer's "thread leak"
// (tsan_rtl_thread.cpp, CollectThreadLeaks) is the same, but for the second condition.
//
// Only those count that our code saw created: by a call in a module of which we have sites, or in the
// constructor of std::thread that such a module instantiates. Thread-safe.
#include <cstdint>

#include "detector/src/frames.h"
#include "detector/src/internal_memory.h"
#include "detector/src/slot_table.h"
#include "detector/src/spin_lock.h"

namespace snag::detector {

class joinable_threads {
 public:
  void created(const incarnation&, place, const void* pc) noexcept;  // pc: of the call
  void started(events::goroutine_id) noexcept;                       // on the thread itself
  void ended(events::goroutine_id, std::uint64_t control) noexcept;  // its pthread_t
  void taken_back(events::goroutine_id) noexcept;                    // joined, detached, or never begun

  static constexpr std::size_t name_size = 16;  // TASK_COMM_LEN
  struct thread {
    events::goroutine_id id, parent;
    place created;
    std::uint64_t pc = 0;
    std::uint64_t complement_of_control = 0;  // (Whoever looks for pointers shall not find it here.)
    char inherited_name[name_size] = {}, name[name_size] = {};
    bool ended = false;
  };
  // Those that have ended, the earliest created first.
  vector<thread> left() noexcept;

 private:
  spin_lock lock_;
  unordered_map<std::uint64_t, thread>* threads_ SNAG_DETECTOR_GUARDED_BY(lock_) = nullptr;
};
extern joinable_threads unjoined_threads;

}  // namespace snag::detector
