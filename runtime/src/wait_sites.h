// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where goroutines wait, how often and how long, while somebody collects it (runtime_stats.h). A site is the
// reason and the innermost return addresses; which of them is the user's is found out when it is asked for.
// Thread-safe; a wait costs a walk of the stack and a look-up in a tree, and nothing while nobody collects.
#include <array>
#include <atomic>
#include <map>
#include <vector>

#include "runtime/src/scheduler.h"
#include "snag/runtime_stats.h"

namespace snag::detail {

class wait_sites {
 public:
  static bool collecting() noexcept { return collecting_.load(std::memory_order_relaxed); }
  static void collect(bool on) noexcept { collecting_.store(on, std::memory_order_relaxed); }
  static wait_sites& instance() noexcept;

  struct tally {
    std::uint64_t count = 0;
    std::int64_t waiting = 0;  // now
    nanoseconds ended{0};      // the sum of the waits that are over
    nanoseconds begun{0};      // the sum of the points in time at which the others began
  };
  tally& enter(wait_reason, nanoseconds at, const void* const* frames, std::size_t count) noexcept;
  void leave(tally&, nanoseconds entered, nanoseconds at) noexcept;
  std::vector<wait_site> snapshot();

  void lock_for_fork() noexcept SNAG_NO_THREAD_SAFETY_ANALYSIS { mutex_.lock(); }
  void unlock_after_fork() noexcept SNAG_NO_THREAD_SAFETY_ANALYSIS { mutex_.unlock(); }

 private:
  static constexpr std::size_t depth = 8;
  struct key {
    wait_reason reason;
    std::array<const void*, depth> frames;
    friend auto operator<=>(const key&, const key&) = default;
  };
  static std::atomic<bool> collecting_;
  spin_mutex mutex_;
  std::map<key, tally> tallies_ SNAG_GUARDED_BY(mutex_);
};

void park_now(void (*commit)(void*), void* argument, wait_reason) noexcept;
void park_timed(void (*commit)(void*), void* argument, wait_reason) noexcept;

}  // namespace snag::detail
