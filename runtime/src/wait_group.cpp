// SPDX-License-Identifier: Apache-2.0
#include "snag/wait_group.h"

#include <exception>

#include "runtime/src/bubble.h"
#include "runtime/src/handle_table.h"
#include "runtime/src/scheduler.h"
#include "runtime/src/spin_mutex.h"
#include "runtime/src/wait_queue.h"
#include "snag/panic.h"

namespace snag::detail {

using events::wait_mode;
using events::wait_operation;

// Shared by the handles, and kept alive by goroutines that are in one of its operations.
class wait_group_core : wait_group_state {
 public:
  events::object& object() noexcept { return object_; }
  void add_reference() noexcept { references_.fetch_add(1, std::memory_order_relaxed); }
  void drop_reference() noexcept {
    if (references_.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
    if (events::observer* o = events::installed()) [[unlikely]]
      o->on_object_destroyed(object_);
    delete this;
  }

  void add(std::int32_t delta, events::site);
  void add_watched(events::observer&, std::int32_t delta, events::site);
  void added(std::int32_t delta, std::uint64_t state);
  void wait(events::site);

 private:
  void release_waiters(std::uint64_t seen);

  static std::int32_t counter(std::uint64_t state) noexcept { return static_cast<std::int32_t>(state >> 32); }
  static std::uint32_t waiters(std::uint64_t state) noexcept { return static_cast<std::uint32_t>(state); }

  // wait_group_state::state: waiters come, and all go, under the guard.
  std::atomic_ref<std::uint64_t> state_{state};
  events::object object_{.kind = events::object_kind::wait_group};
  const std::uint64_t bubble_ = bubble::current_id();  // that it was made in
  std::atomic<std::uint32_t> references_{1};
  spin_mutex guard_;
  wait_queue queue_;  // changed under the guard
};

namespace {

constexpr const char* misuse = "sync: WaitGroup misuse: Add called concurrently with Wait";
constexpr const char* negative = "sync: negative WaitGroup counter";

void check_not_nil(const wait_group_core* core) {
  if (core == nullptr) panic("runtime error: invalid memory address or nil pointer dereference");
}

}  // namespace

void wait_group_core::add(std::int32_t delta, events::site where) {
  if (events::observer* o = events::installed()) [[unlikely]]
    return add_watched(*o, delta, where);
  const std::uint64_t shifted = static_cast<std::uint64_t>(delta) << 32;
  added(delta, state_.fetch_add(shifted, std::memory_order_acq_rel) + shifted);
}

// Under the guard, so that the observer counts as we do.
void wait_group_core::add_watched(events::observer& o, std::int32_t delta, events::site where) {
  events::actor& self = current();
  const std::uint64_t shifted = static_cast<std::uint64_t>(delta) << 32;
  std::uint64_t state = 0;
  {
    const spin_lock lock(guard_);
    if (delta < 0) o.on_released_merging(self, object_, 0, where);
    state = state_.fetch_add(shifted, std::memory_order_acq_rel) + shifted;
    o.on_counted(self, object_, delta, counter(state), where);
  }
  if (counter(state) < 0)
    o.on_misused(self, object_, events::misuse::negative_count, nullptr, negative, where);
  added(delta, state);
}

void wait_group_core::added(std::int32_t delta, std::uint64_t state) {
  if (counter(state) < 0) panic(negative);
  if (waiters(state) != 0 && delta > 0 && counter(state) == delta) panic(misuse);
  if (counter(state) == 0 && waiters(state) != 0) release_waiters(state);
}

// The counter has come to zero with goroutines waiting: from here on nobody may add or wait until they are
// out.
void wait_group_core::release_waiters(std::uint64_t seen) {
  wake_list woken;
  {
    spin_lock lock(guard_);
    if (!state_.compare_exchange_strong(seen, 0, std::memory_order_acq_rel)) {
      lock.unlock();
      panic(misuse);
    }
    while (waiter* w = queue_.pop()) woken.add(*w, wake_result::delivered);
  }
  woken.ready_all();
}

void wait_group_core::wait(events::site where) {
  if (events::observer* o = events::installed()) [[unlikely]]
    o->on_touched(current(), object_, /*writes=*/true, where);
  std::uint64_t state = state_.load(std::memory_order_acquire);
  while (counter(state) != 0) {
    guard_.lock();
    if (!state_.compare_exchange_weak(state, state + 1, std::memory_order_acq_rel,
                                      std::memory_order_acquire)) {
      guard_.unlock();
      continue;
    }
    waiter self;
    self.who = &current();
    self.where = where;
    queue_.push(self);
    add_reference();
    if (self.who->in_bubble != nullptr) [[unlikely]]
      self.who->waits_inside = bubble_ == self.who->in_bubble->id();
    if (events::observer* o = events::listening()) [[unlikely]] {
      const events::wait_target target{&object_, wait_operation::wait};
      o->on_blocked(*self.who, wait_reason::wait_group, wait_mode::all_of, {&target, 1}, where);
    }
    park(guard_, wait_reason::wait_group);
    const bool reused = state_.load(std::memory_order_acquire) != 0;
    if (events::observer* o = events::installed()) [[unlikely]]
      o->on_acquired(*self.who, object_, 0, where);
    drop_reference();
    if (reused) panic("sync: WaitGroup is reused before previous Wait has returned");
    return;
  }
  if (events::observer* o = events::installed()) [[unlikely]]
    o->on_acquired(current(), object_, 0, where);
}

wait_group_core* make_wait_group(SNAG_NOESCAPE void* at) {
  const events::site where{__builtin_return_address(0)};
  auto* const made = new wait_group_core;
  if (events::observer* o = events::listening()) [[unlikely]]
    o->on_object_created(made->object(), &current(), 0, where);
  tell_handle_gained(made->object(), events::direction::both, at);
  return made;
}

void gain_wait_group(wait_group_core* core, SNAG_NOESCAPE void* at) noexcept {
  if (core == nullptr) return;
  core->add_reference();
  tell_handle_gained(core->object(), events::direction::both, at);
}

void lose_wait_group(wait_group_core* core, SNAG_NOESCAPE void* at) noexcept {
  if (core == nullptr) return;
  tell_handle_lost(core->object(), events::direction::both, at);
  core->drop_reference();
}

void move_wait_group(wait_group_core* core, SNAG_NOESCAPE void* from, SNAG_NOESCAPE void* to) noexcept {
  if (core == nullptr) return;
  tell_handle_moved(core->object(), events::direction::both, from, to);
}

void add_to_wait_group(wait_group_core* core, int delta) {
  const events::site where{__builtin_return_address(0)};
  schedule_point();
  check_not_nil(core);
  core->add(delta, where);
}

void added_to_wait_group(wait_group_core* core, int delta, std::uint64_t state) { core->added(delta, state); }

void wait_for_group(wait_group_core* core) {
  const events::site where{__builtin_return_address(0)};
  schedule_point();
  check_not_nil(core);
  core->wait(where);
}

bool is_ending_by_panic(int uncaught_before) noexcept {
  return std::uncaught_exceptions() > uncaught_before && !current().unwinding_goexit;
}

}  // namespace snag::detail
