// SPDX-License-Identifier: Apache-2.0
#pragma once
// Timers in order of time, then of starting: a 4-ary heap (half the depth of a binary one, and the four
// children share a cache line). One a worker, one for a sequential scheduler. Thread-safe. Insert O(log n),
// in any order of times mostly O(1); remove amortised O(1): most timers are stopped, so what is removed just
// dies in its place, and goes when it comes to the top or when half are dead (as in Go, runtime/time.go: a
// removal that repairs the heap at once misses the cache three times). Looking for the next time takes no
// lock. Where time is real, it may answer the time of a timer that was stopped: to be woken for nothing costs
// less than to take out, one by one, what is stopped in the order of its times, as timeouts are.
#include <atomic>
#include <cstdint>
#include <limits>
#include <vector>

#include "runtime/src/scheduler.h"
#include "runtime/src/spin_mutex.h"

namespace snag::detail {

class timer_heap {
 public:
  static constexpr nanoseconds never{std::numeric_limits<std::int64_t>::max()};

  // exact: next() is the time of a timer that is running, as a clock needs that jumps there. Else it is not
  // later, and `never` if none is running.
  enum class precision : std::uint8_t { exact, early };
  explicit timer_heap(precision p = precision::exact) noexcept : precision_(p) {}

  // Answers whether the timer is now the earliest.
  bool insert(timer_node&) noexcept;
  bool remove(timer_node&) noexcept;  // false: not in here
  // Fires every timer due at `now`, earliest first, holding no lock meanwhile. Answers how many; 0 also when
  // another thread is at it.
  std::size_t fire_due(nanoseconds now) noexcept;
  bool firing(const timer_node&) const noexcept;
  bool is_idle() noexcept;  // no timer is started, and none is firing
  nanoseconds next() const noexcept { return nanoseconds(next_.load(std::memory_order_acquire)); }
  std::size_t size() const noexcept;

  void drop_all() noexcept;  // none of them fires; each may be started again
  // Around fork(): false if somebody is firing, whose locks a child would find taken. In the child no timer
  // that is in here ever comes due: it was the parent's. It can be stopped, and started again.
  bool lock_for_fork() noexcept SNAG_NO_THREAD_SAFETY_ANALYSIS;
  void unlock_after_fork() noexcept SNAG_NO_THREAD_SAFETY_ANALYSIS { mutex_.unlock(); }
  void disarm_all_in_child() noexcept SNAG_NO_THREAD_SAFETY_ANALYSIS;  // pre: locked

  void check_invariants() const;  // for tests

 private:
  struct entry {
    nanoseconds when;
    std::uint64_t sequence;
    timer_node* node;  // null: dead, removed meanwhile
    bool before(const entry& other) const noexcept {
      return when != other.when ? when < other.when : sequence < other.sequence;
    }
  };
  void place(std::size_t at, entry) noexcept SNAG_REQUIRES(mutex_);
  void sift_up(std::size_t at, entry) noexcept SNAG_REQUIRES(mutex_);
  void sift_down(std::size_t at, entry) noexcept SNAG_REQUIRES(mutex_);
  void take_first() noexcept SNAG_REQUIRES(mutex_);
  void drop_dead_first() noexcept SNAG_REQUIRES(mutex_);
  void drop_dead() noexcept SNAG_REQUIRES(mutex_);
  void publish_next() noexcept SNAG_REQUIRES(mutex_);

  const precision precision_;
  mutable spin_mutex mutex_;
  std::vector<entry> entries_ SNAG_GUARDED_BY(mutex_);  // entries_[i].node->position == i + 1
  std::size_t dead_ SNAG_GUARDED_BY(mutex_) = 0;
  std::uint64_t sequence_ SNAG_GUARDED_BY(mutex_) = 0;
  bool busy_ SNAG_GUARDED_BY(mutex_) = false;  // somebody fires
  std::atomic<std::int64_t> next_{never.count()};
  std::atomic<const timer_node*> firing_{nullptr};
};

}  // namespace snag::detail
