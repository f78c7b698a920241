// SPDX-License-Identifier: Apache-2.0
#pragma once
// The bubble behind snag/bubble.h: a count of goroutines that are not durably blocked, a clock and a heap of
// timers. Whoever brings the count to zero chooses who goes on: whoever is in bubble_wait(), else the root,
// the caller of bubble(), which moves the clock to the next timer and fires it, or ends the bubble.
//
// A wait for a lock is not counted as running, whoever owns the lock: if that is a goroutine of this bubble,
// it is either counted itself or blocked, too. Only when the count is zero are the owners looked at; one
// outside may still unlock, which counts the waiter as running again.
//
// park() and ready() are the only places that know; elsewhere a goroutine's in_bubble is one null pointer.
// Bubbles are never freed, only used again: a timer may still point to its bubble's heap. Thread-safe.
#include <atomic>
#include <cstdint>
#include <vector>

#include "runtime/src/scheduler.h"
#include "runtime/src/spin_mutex.h"
#include "runtime/src/timer_heap.h"

namespace snag::detail {

class bubble {
 public:
  static void run(void (*run)(void*), void* closure, events::site);
  void wait(goroutine& self, events::site);

  std::uint64_t id() const noexcept { return id_; }
  static std::uint64_t current_id() noexcept;  // 0: the caller is in none
  nanoseconds now() const noexcept { return nanoseconds(now_.load(std::memory_order_acquire)); }
  timer_heap& timers() noexcept { return timers_; }

  void began() noexcept;
  void ended(goroutine&) noexcept;
  // What kind of wait g is about to begin; if durable, settle() follows once it has left its stack.
  bool parks_durably(goroutine& g, wait_reason) noexcept;
  void settle() noexcept;
  void runs_again(goroutine&) noexcept;
  // Before a park for `lock`, whose owner that function tells; null: nobody, or nobody knows.
  using owner_function = const goroutine* (*)(const void* lock);
  void waits_for_lock(goroutine&, owner_function, const void* lock) noexcept;

 private:
  struct lock_wait {
    goroutine* who;
    owner_function owner;
    const void* lock;
  };
  static bubble& take() noexcept;
  void give_back() noexcept;
  goroutine* choose() noexcept SNAG_REQUIRES(mutex_);
  bool advance() noexcept;
  static void root_parks(void* self) noexcept;

  std::uint64_t id_ = 0;
  std::atomic<std::int64_t> now_{0};
  timer_heap timers_;
  events::object object_;  // released to by whoever blocks or ends
  bubble* next_free_ = nullptr;

  spin_mutex mutex_;
  std::int64_t total_ SNAG_GUARDED_BY(mutex_) = 0;
  std::int64_t running_ SNAG_GUARDED_BY(mutex_) = 0;  // not durably blocked
  bool chosen_ SNAG_GUARDED_BY(mutex_) = false;       // somebody was chosen and has not looked yet
  bool waiting_ SNAG_GUARDED_BY(mutex_) = false;      // somebody is in bubble_wait()
  bool main_ended_ SNAG_GUARDED_BY(mutex_) = false;
  goroutine* root_ SNAG_GUARDED_BY(mutex_) = nullptr;
  goroutine* main_ SNAG_GUARDED_BY(mutex_) = nullptr;
  goroutine* waiter_ SNAG_GUARDED_BY(mutex_) = nullptr;
  std::vector<lock_wait> lock_waits_ SNAG_GUARDED_BY(mutex_);
};

// The commit of a durable park. Lives on the stack that is left, and may be gone after `commit`.
struct bubble_park {
  void (*commit)(void*);
  void* argument;
  bubble* in;

  static void run(void* self) noexcept {
    const bubble_park p = *static_cast<bubble_park*>(self);
    p.commit(p.argument);
    p.in->settle();
  }
};

}  // namespace snag::detail
