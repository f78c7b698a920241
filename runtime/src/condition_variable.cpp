// SPDX-License-Identifier: Apache-2.0
#include "snag/condition_variable.h"

#include <new>

#include "runtime/src/object.h"
#include "runtime/src/scheduler.h"
#include "runtime/src/spin_mutex.h"
#include "runtime/src/wait_queue.h"

namespace snag::detail {

using events::wait_mode;
using events::wait_operation;

namespace {

struct condition_core {
  // A notification orders before the wait it ends, and no other. The notifier therefore acquires in the name
  // of a parked waiter at once. A waiter that has not parked yet acts for itself a little later, by then
  // perhaps after another notification: those merge, which can add an order but never lacks one.
  static constexpr std::size_t for_parked = 0, for_running = 1;

  events::object object;
  spin_mutex guard;
  wait_queue queue;  // changed under the guard; in the order of arrival
};
static_assert(sizeof(condition_core) <= sizeof(condition_storage) &&
              alignof(condition_core) == alignof(condition_storage));

condition_core& core_of(condition_storage& storage) noexcept {
  return *std::launder(reinterpret_cast<condition_core*>(&storage));
}

// What a condition_wait is. The base timer is its deadline.
struct pending_wait : timer_node, waiter {
  condition_core* on = nullptr;
  bool parked = false;  // under the guard
};

pending_wait& wait_of(std::byte* storage) noexcept {
  return *std::launder(reinterpret_cast<pending_wait*>(storage));
}

void on_deadline(timer_node& node) noexcept {
  auto& w = static_cast<pending_wait&>(node);
  {
    const spin_lock lock(w.on->guard);
    if (w.queue == nullptr) return;  // notified
    w.queue->remove(w);
    w.result = wake_result::timed_out;
  }
  ready(*w.who);
}

// pre: guard is that of self.on
void park_with_deadline(pending_wait& self, spin_mutex& guard) noexcept
    SNAG_RELEASE(guard) SNAG_NO_THREAD_SAFETY_ANALYSIS {
  park(
      [](void* argument) SNAG_NO_THREAD_SAFETY_ANALYSIS {
        auto& w = *static_cast<pending_wait*>(argument);
        spin_mutex& guard = w.on->guard;
        start_timer(w);  // cannot end the wait before the guard is free
        guard.unlock();
      },
      &self, wait_reason::condition_wait);
}

}  // namespace

condition_wait::condition_wait(condition_storage& storage) {
  static_assert(sizeof(storage_) >= sizeof(pending_wait) && alignof(condition_wait) >= alignof(pending_wait));
  auto& self = *new (storage_) pending_wait;
  self.where = {__builtin_return_address(0)};
  schedule_point();
  self.on = &core_of(storage);
  self.who = &current();
  if (events::observer* o = events::installed()) [[unlikely]]
    o->on_waits_unlocking(*self.who, self.on->object, self.where);
  const spin_lock lock(self.on->guard);
  self.on->queue.push(self);
}

condition_wait::~condition_wait() {
  pending_wait& self = wait_of(storage_);
  if (self.result != wake_result::none) return;
  const spin_lock lock(self.on->guard);  // the user's unlock threw: there was no wait
  if (self.queue != nullptr) self.queue->remove(self);
}

bool condition_wait::park(std::int64_t nanoseconds_from_now) {
  pending_wait& self = wait_of(storage_);
  condition_core& c = *self.on;
  events::observer* const o = events::installed();
  const bool limited = nanoseconds_from_now != never;
  c.guard.lock();
  if (self.result != wake_result::none) {  // notified before it could park
    if (o != nullptr) [[unlikely]]
      o->on_acquired(*self.who, c.object, condition_core::for_running, self.where);
    c.guard.unlock();
    return true;
  }
  if (limited && nanoseconds_from_now <= 0) {
    c.queue.remove(self);
    self.result = wake_result::timed_out;
    c.guard.unlock();
    return false;
  }
  self.parked = true;
  if (events::observer* const listener = events::listening()) [[unlikely]] {
    const events::wait_target targets[] = {{&c.object, wait_operation::wait},
                                           {nullptr, wait_operation::sleep}};
    listener->on_blocked(*self.who, wait_reason::condition_wait, wait_mode::any_of,
                         {targets, limited ? 2U : 1U}, self.where);
  }
  if (limited) {
    self.in_bubble = self.who->in_bubble;
    const std::int64_t start = detail::now().count();
    self.when = nanoseconds(nanoseconds_from_now > never - start ? never : start + nanoseconds_from_now);
    self.fire = &on_deadline;
    park_with_deadline(self, c.guard);
    if (!stop_timer(self)) await_timer(self);
  } else {
    detail::park(c.guard, wait_reason::condition_wait);
  }
  return self.result == wake_result::delivered;
}

// Under the guard nobody who waits can leave.
void tell_condition_ends(events::object& object, events::observer& o) noexcept {
  auto& c = reinterpret_cast<condition_core&>(object);
  const spin_lock lock(c.guard);
  if (const waiter* const first = c.queue.first())
    o.on_misused(current(), object, events::misuse::destroyed_waited_for, first->who, nullptr, {});
}

void notify_condition(condition_storage& storage, bool all) {
  const events::site where{__builtin_return_address(0)};
  schedule_point();
  condition_core& c = core_of(storage);
  if (c.queue.empty()) return;
  wake_list woken;
  {
    const spin_lock lock(c.guard);
    events::observer* const o = events::installed();
    bool released = false;
    while (waiter* w = c.queue.pop()) {
      auto& notified = static_cast<pending_wait&>(*w);
      if (o != nullptr) [[unlikely]] {
        goroutine& self = current();
        if (!notified.parked) {
          o->on_released_merging(self, c.object, condition_core::for_running, where);
        } else {
          if (!released) o->on_released(self, c.object, condition_core::for_parked, where);
          released = true;
          o->on_acquired(*w->who, c.object, condition_core::for_parked, w->where);
        }
      }
      if (notified.parked) {
        woken.add(*w, wake_result::delivered);
      } else {
        w->result = wake_result::delivered;
      }
      if (!all) break;
    }
  }
  woken.ready_all();
}

}  // namespace snag::detail
