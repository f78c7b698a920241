// SPDX-License-Identifier: Apache-2.0
// The untyped select. Atomic over all its channels: it locks them all, in address order so that two selects
// cannot wait for each other, looks at the cases in a random order (pass 1), and if none is ready queues a
// waiter on each (pass 2) before it lets go. Whoever could then serve one of the waiters claims the whole
// select with one exchange; the others skip it. Woken, it takes its waiters off the other queues (pass 3).
// The algorithm is Go's (runtime/select.go). Rejected: polling one channel after the other, which misses that
// at every instant some channel was ready.
#include "snag/detail/select.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <new>

#include "runtime/src/bubble.h"
#include "runtime/src/channel.h"
#include "runtime/src/check.h"
#include "snag/panic.h"

namespace snag::detail {

using events::wait_mode;
using events::wait_operation;
using events::wait_target;

namespace {

using action = select_case::action;

constexpr bool is_send(const select_case& c) {
  return c.what == action::send || c.what == action::deferred_send;
}
constexpr channel_direction direction_of(const select_case& c) {
  return is_send(c) ? channel_direction::send : channel_direction::receive;
}

waiter& waiter_of(select_case& c) noexcept { return *std::launder(reinterpret_cast<waiter*>(c.waiter)); }
static_assert(sizeof(select_case::waiter) >= sizeof(waiter) && alignof(select_case) >= alignof(waiter));

// One select in progress, on its goroutine's stack. The deadline's timer is the base.
class selection : private timer_node {
 public:
  selection(select_case* cases, std::size_t count, events::site where);

  std::size_t run();

 private:
  static constexpr std::size_t none = std::numeric_limits<std::size_t>::max();
  static constexpr std::size_t look_again = none - 1;

  select_case& polled(std::size_t i) const noexcept { return cases_[cases_[i].poll_order]; }
  channel& locked(std::size_t i) const noexcept { return *cases_[cases_[i].lock_order].on; }
  bool is_repeated(std::size_t i) const noexcept { return i > 0 && &locked(i) == &locked(i - 1); }
  std::size_t index_of(const select_case& c) const noexcept { return static_cast<std::size_t>(&c - cases_); }

  void order();
  void sort_by_address();
  void lock_all() noexcept SNAG_NO_THREAD_SAFETY_ANALYSIS;
  void unlock_all() noexcept SNAG_NO_THREAD_SAFETY_ANALYSIS;
  void unlock_all_but(channel& kept) noexcept SNAG_NO_THREAD_SAFETY_ANALYSIS;
  bool wait_for_frozen() noexcept SNAG_NO_THREAD_SAFETY_ANALYSIS;
  std::size_t look() SNAG_NO_THREAD_SAFETY_ANALYSIS;
  void enqueue() noexcept SNAG_NO_THREAD_SAFETY_ANALYSIS;
  void dequeue() noexcept SNAG_NO_THREAD_SAFETY_ANALYSIS;
  wait_reason reason() const noexcept;
  void tell_blocked() const;
  void tell_sends() noexcept;
  bool all_inside(const bubble&) const noexcept;
  std::size_t wake_up();
  std::size_t settle(select_case&, channel::outcome);

  static void on_deadline(timer_node&) noexcept;

  select_case* const cases_;
  const std::size_t count_;
  const events::site where_;
  std::size_t transfers_ = 0;  // cases on a channel: the first so many of the two orders
  std::size_t default_ = none, timeout_ = none;
  goroutine* self_ = nullptr;
  select_claim claim_;
};

selection::selection(select_case* cases, std::size_t count, events::site where)
    : cases_(cases), count_(count), where_(where) {
  order();
}

// The poll order is a uniformly random permutation, made while it grows (Fisher-Yates, inside out).
void selection::order() {
  for (std::size_t i = 0; i < count_; ++i) {
    select_case& c = cases_[i];
    if (c.what == action::otherwise) {
      if (default_ != none) panic("reflect.Select: multiple default cases");
      default_ = i;
    } else if (c.what == action::timeout) {
      if (timeout_ == none || c.nanoseconds < cases_[timeout_].nanoseconds) timeout_ = i;
    } else if (c.on != nullptr) {
      c.on->check_bubble("select on synctest channel from outside bubble");
      const std::size_t n = transfers_++;
      cases_[n].lock_order = static_cast<std::uint32_t>(i);
      const std::size_t at = n == 0 ? 0 : random_below(static_cast<std::uint32_t>(n + 1));
      cases_[n].poll_order = cases_[at].poll_order;
      cases_[at].poll_order = static_cast<std::uint32_t>(i);
      waiter& w = *new (c.waiter) waiter;
      w.element = c.element;
      w.select = &claim_;
      w.where = where_;
      w.deferred = c.what == action::deferred_send;
    }
  }
  sort_by_address();
}

// Sorted from the order of the source: the same select takes the same branches each time. Of two cases on one
// channel either may be queued first, and served.
void selection::sort_by_address() {
  const auto before = [this](std::uint32_t a, std::uint32_t b) {
    return std::less<const channel*>()(cases_[a].on, cases_[b].on);
  };
  if (transfers_ > 16) {  // many cases: sort elsewhere, then store
    const auto order = std::make_unique<std::uint32_t[]>(transfers_);
    for (std::size_t i = 0; i < transfers_; ++i) order[i] = cases_[i].lock_order;
    std::sort(order.get(), order.get() + transfers_, before);
    for (std::size_t i = 0; i < transfers_; ++i) cases_[i].lock_order = order[i];
  } else {
    for (std::size_t i = 1; i < transfers_; ++i) {
      const std::uint32_t moved = cases_[i].lock_order;
      std::size_t j = i;
      for (; j > 0 && before(moved, cases_[j - 1].lock_order); --j)
        cases_[j].lock_order = cases_[j - 1].lock_order;
      cases_[j].lock_order = moved;
    }
  }
  for (std::size_t i = 1, first = 0; i < transfers_; ++i) {
    if (!is_repeated(i)) {
      first = i;
      continue;
    }
    const std::size_t at = first + random_below(static_cast<std::uint32_t>(i - first + 1));
    std::swap(cases_[i].lock_order, cases_[at].lock_order);
  }
}

void selection::lock_all() noexcept {
  for (std::size_t i = 0; i < transfers_; ++i) {
    if (!is_repeated(i)) locked(i).lock();
  }
}

// Touches nothing of this select after the last unlock: it may be gone by then (pass 3 takes all the locks).
void selection::unlock_all() noexcept {
  for (std::size_t i = transfers_; i-- > 0;) {
    if (!is_repeated(i)) locked(i).unlock();
  }
}

void selection::unlock_all_but(channel& kept) noexcept {
  for (std::size_t i = transfers_; i-- > 0;) {
    if (!is_repeated(i) && &locked(i) != &kept) locked(i).unlock();
  }
}

// A frozen channel is about to change: wait for it holding no other lock. False: there was none.
bool selection::wait_for_frozen() noexcept {
  for (std::size_t i = 0; i < transfers_; ++i) {
    if (!locked(i).frozen()) continue;
    channel& frozen = locked(i);
    unlock_all();
    frozen.lock();
    frozen.wait_until_thawed();
    frozen.unlock();
    return true;
  }
  return false;
}

// Pass 1. The locks are free afterwards, unless nothing could be done. `none`: nothing is ready.
std::size_t selection::look() {
  for (std::size_t i = 0; i < transfers_; ++i) {
    select_case& c = polled(i);
    wake_list woken;
    channel::outcome now;
    if (c.what == action::receive) {
      now = c.on->take(waiter_of(c), woken);
    } else if (c.what == action::send) {
      now = c.on->give(c.element, nullptr, where_, woken);
    } else {
      now = c.on->begin_give();
    }
    if (now == channel::outcome::blocked) continue;
    if (now == channel::outcome::owed) {  // a sender is on its way: wait for that one only
      self_ = waiter_of(c).who = &current();
      c.on->add_reference();
      woken.ready_all();  // runs into the lock until this goroutine has parked
      unlock_all_but(*c.on);
      c.on->park_locked(reason());
      const wake_result result = waiter_of(c).result;
      c.on->drop_reference();
      if (result == wake_result::retry) return look_again;
      c.received = true;
      return index_of(c);
    }
    unlock_all();
    woken.ready_all();
    return settle(c, now);
  }
  return none;
}

std::size_t selection::settle(select_case& c, channel::outcome now) {
  if (is_send(c) && now == channel::outcome::closed) c.on->refuse(/*closing=*/false, where_);
  c.received = now == channel::outcome::done;
  return index_of(c);
}

// Pass 2.
void selection::enqueue() noexcept {
  self_ = &current();
  for (std::size_t i = 0; i < transfers_; ++i) {
    select_case& c = cases_[cases_[i].lock_order];
    waiter_of(c).who = self_;
    c.on->queue(direction_of(c)).push(waiter_of(c));
    c.on->add_reference();  // the handles may go while this goroutine is parked
  }
}

// Pass 3.
void selection::dequeue() noexcept {
  lock_all();
  for (std::size_t i = 0; i < transfers_; ++i) {
    select_case& c = cases_[cases_[i].lock_order];
    if (waiter_of(c).queue != nullptr) waiter_of(c).queue->remove(waiter_of(c));
  }
  unlock_all();
}

void selection::on_deadline(timer_node& node) noexcept {
  auto& self = static_cast<selection&>(node);
  if (self.claim_.claim()) ready(*self.self_);
}

// One case alone is the plain operation, and called so: Go's compiler makes that of it.
wait_reason selection::reason() const noexcept {
  if (count_ == 0) return wait_reason::select_no_cases;
  if (count_ > 1 || timeout_ != none) return wait_reason::select;
  const select_case& only = cases_[0];
  if (only.on == nullptr) return is_send(only) ? wait_reason::chan_send_nil : wait_reason::chan_receive_nil;
  return is_send(only) ? wait_reason::chan_send : wait_reason::chan_receive;
}

void selection::tell_blocked() const {
  events::observer* const o = events::listening();
  if (o == nullptr) [[likely]]
    return;
  constexpr std::size_t few = 16;
  wait_target on_stack[few];
  std::unique_ptr<wait_target[]> on_heap;
  wait_target* targets = on_stack;
  if (transfers_ + 1 > few) {
    on_heap = std::make_unique<wait_target[]>(transfers_ + 1);
    targets = on_heap.get();
  }
  std::size_t n = 0;
  for (std::size_t i = 0; i < transfers_; ++i) {
    const select_case& c = cases_[cases_[i].lock_order];
    targets[n++] = {&c.on->object(), is_send(c) ? wait_operation::send : wait_operation::receive};
  }
  if (timeout_ != none) targets[n++] = {nullptr, wait_operation::sleep};
  o->on_blocked(*self_, reason(), wait_mode::any_of, {targets, n}, where_);
}

bool selection::all_inside(const bubble& b) const noexcept {
  for (std::size_t i = 0; i < transfers_; ++i)
    if (locked(i).bubble() != b.id()) return false;
  return true;
}

// After pass 2: until somebody claims this select, or the deadline does.
std::size_t selection::wake_up() {
  tell_blocked();
  if (self_->in_bubble != nullptr) [[unlikely]]
    self_->waits_inside = all_inside(*self_->in_bubble);
  if (timeout_ != none) {
    const std::int64_t from_now = cases_[timeout_].nanoseconds;
    in_bubble = self_->in_bubble;
    const std::int64_t start = now().count();
    when = nanoseconds(from_now > std::numeric_limits<std::int64_t>::max() - start
                           ? std::numeric_limits<std::int64_t>::max()
                           : start + from_now);
    fire = &on_deadline;
  }
  park(
      [](void* argument) {  // off this stack: a deadline that fires at once finds a parked goroutine
        auto& self = *static_cast<selection*>(argument);
        const bool holds_locks = self.transfers_ > 0;  // else a deadline may end the select before we return
        if (self.timeout_ != none) start_timer(self);
        if (holds_locks) self.unlock_all();
      },
      this, reason());

  waiter* const winner = claim_.winner;
  if (timeout_ != none && !stop_timer(*this)) await_timer(*this);
  dequeue();
  for (std::size_t i = 0; i < transfers_; ++i) cases_[cases_[i].lock_order].on->drop_reference();
  if (winner == nullptr) return timeout_;
  for (std::size_t i = 0; i < transfers_; ++i) {
    select_case& c = polled(i);
    if (&waiter_of(c) != winner) continue;
    if (winner->result == wake_result::retry) return look_again;
    const bool delivered = winner->result == wake_result::delivered;
    if (is_send(c) && !delivered) panic("send on closed channel");  // told of before it waited
    return settle(c, delivered ? channel::outcome::done : channel::outcome::closed);
  }
  fatal("snag: internal error: a select was woken for none of its cases");
}

// A close would make any of the sends ready, which then panics, whichever case is chosen now.
void selection::tell_sends() noexcept {
  if (events::installed() == nullptr) [[likely]]
    return;
  for (std::size_t i = 0; i < transfers_; ++i)
    if (select_case& c = polled(i); is_send(c)) c.on->tell_use(/*closing=*/false, where_);
}

std::size_t selection::run() {
  tell_sends();
  for (;;) {
    lock_all();
    if (wait_for_frozen()) continue;
    std::size_t chosen = look();
    if (chosen == none) {
      if (default_ != none || (timeout_ != none && cases_[timeout_].nanoseconds <= 0)) {
        unlock_all();
        return default_ != none ? default_ : timeout_;
      }
      enqueue();
      chosen = wake_up();
    }
    if (chosen != look_again) return chosen;
    claim_.claimed.store(false, std::memory_order_relaxed);
    claim_.winner = nullptr;
    for (std::size_t i = 0; i < transfers_; ++i) waiter_of(polled(i)).result = wake_result::none;
  }
}

}  // namespace

std::size_t select(select_case* cases, std::size_t count) {
  const events::site where{__builtin_return_address(0)};
  schedule_point();
  if (count > 65536) panic("reflect.Select: too many cases (max 65536)");
  return selection(cases, count, where).run();
}

}  // namespace snag::detail
