// SPDX-License-Identifier: Apache-2.0
#pragma once
// Who waits, and in which order. A waiter lives on the stack of its parked goroutine; a queue links waiters
// first in, first out, and gives one up from the middle in O(1), which a select that lost needs.
// Not thread-safe: guarded by the lock of the primitive that the queue belongs to, except empty().
#include <atomic>
#include <cstdint>

#include "runtime/events.h"
#include "runtime/src/scheduler.h"

namespace snag::detail {

class wait_queue;
struct waiter;

enum class wake_result : std::uint8_t {
  none,
  delivered,  // an element was taken, stored or handed over; a lock was granted
  closed,     // the channel was closed
  retry,      // look again: what had been promised fell through
  timed_out,
};

// A select has one waiter on each of its channels; whoever claims it first wakes it.
struct select_claim {
  std::atomic<bool> claimed{false};
  waiter* winner = nullptr;  // written by the one that claimed; null: the deadline

  bool claim() noexcept {
    return !claimed.load(std::memory_order_relaxed) && !claimed.exchange(true, std::memory_order_acq_rel);
  }
};

struct waiter {
  goroutine* who = nullptr;
  void* element = nullptr;         // a sender's temporary, or where a receiver wants it; null: dropped
  select_claim* select = nullptr;  // null: an operation on one object, which needs no claim
  events::site where;
  wake_result result = wake_result::none;
  bool deferred = false;  // a sender that makes its element once it is chosen

  waiter* next = nullptr;
  waiter* previous = nullptr;
  wait_queue* queue = nullptr;  // that links it now
};

class wait_queue {
 public:
  // A hint without the lock; exact with it.
  bool empty() const noexcept { return head_.load(std::memory_order_relaxed) == nullptr; }
  waiter* front() const noexcept { return head_.load(std::memory_order_relaxed); }

  // The same, with the lock; in the child of a fork, those whose goroutines stayed in the parent leave.
  waiter* first() noexcept {
    while (waiter* w = front()) {
      if (w->who == nullptr || !w->who->stayed_in_parent) [[likely]]
        return w;
      remove(*w);
    }
    return nullptr;
  }
  void push(waiter& w) noexcept {
    w.queue = this;
    w.next = nullptr;
    w.previous = tail_;
    link_after(w.previous, &w);
    tail_ = &w;
  }
  void push_front(waiter& w) noexcept {
    w.queue = this;
    w.previous = nullptr;
    w.next = front();
    link_before(w.next, &w);
    link_after(nullptr, &w);
  }
  void remove(waiter& w) noexcept {  // pre: linked here
    link_before(w.next, w.previous);
    link_after(w.previous, w.next);
    w.queue = nullptr;
  }
  // The first waiter that could be claimed; null: none. Waiters of selects that another object claimed go
  // too.
  waiter* pop() noexcept {
    while (waiter* w = first()) {
      remove(*w);
      if (w->select == nullptr || w->select->claim()) return w;
    }
    return nullptr;
  }

 private:
  void link_after(waiter* w, waiter* next) noexcept {  // null: the head
    if (w != nullptr) {
      w->next = next;
    } else {
      head_.store(next, std::memory_order_relaxed);
    }
  }
  void link_before(waiter* w, waiter* previous) noexcept {  // null: the tail
    (w != nullptr ? w->previous : tail_) = previous;
  }

  std::atomic<waiter*> head_{nullptr};
  waiter* tail_ = nullptr;
};

// Waiters that were woken under a lock and become runnable once it is dropped. Each stays valid until then.
class wake_list {
 public:
  wake_list() = default;
  wake_list(const wake_list&) = delete;
  wake_list& operator=(const wake_list&) = delete;

  void add(waiter& w, wake_result result) noexcept {
    w.result = result;
    if (w.select != nullptr) w.select->winner = &w;
    w.next = nullptr;
    (last_ != nullptr ? last_->next : first_) = &w;
    last_ = &w;
  }
  void ready_all() noexcept {
    for (waiter* w = first_; w != nullptr;) {
      waiter* const next = w->next;  // *w is gone once its goroutine runs
      ready(*w->who);
      w = next;
    }
    first_ = last_ = nullptr;
  }

 private:
  waiter* first_ = nullptr;
  waiter* last_ = nullptr;
};

}  // namespace snag::detail
