// SPDX-License-Identifier: Apache-2.0
#include "snag/once.h"

#include <cstddef>
#include <new>

#include "runtime/src/bubble.h"
#include "runtime/src/holdings.h"
#include "runtime/src/object.h"
#include "runtime/src/scheduler.h"
#include "runtime/src/spin_mutex.h"
#include "runtime/src/wait_queue.h"

namespace snag::detail {

using events::lock_mode;
using events::wait_mode;
using events::wait_operation;

namespace {

// What a once_storage is. The goroutine that runs f is told to observers as the owner of a lock, so that
// those who wait for it have somebody to wait for.
struct once_core {
  enum : std::uint32_t { fresh, running, done, done_unwatched = once_done_unwatched };
  static bool is_done(std::uint32_t state) noexcept { return state >= done; }

  events::object object;
  std::atomic<std::uint32_t> state;
  spin_mutex guard;
  wait_queue queue;                      // changed under the guard
  std::atomic<const goroutine*> runner;  // of f

  static const goroutine* runner_of(const void* core) noexcept {
    return static_cast<const once_core*>(core)->runner.load(std::memory_order_acquire);
  }
};
static_assert(offsetof(once_core, state) == offsetof(once_storage, words));
static_assert(sizeof(once_core) <= sizeof(once_storage) && alignof(once_core) == alignof(once_storage));

once_core& core_of(once_storage& storage) noexcept {
  return *std::launder(reinterpret_cast<once_core*>(&storage));
}

void wait_until_done(once_core& c, events::site where) noexcept {
  waiter w;
  c.guard.lock();
  if (once_core::is_done(c.state.load(std::memory_order_acquire))) return c.guard.unlock();
  w.who = &current();
  w.where = where;
  c.queue.push(w);
  if (events::observer* o = events::listening()) [[unlikely]] {
    const events::wait_target target{&c.object, wait_operation::wait};
    o->on_blocked(*w.who, wait_reason::once, wait_mode::all_of, {&target, 1}, where);
  }
  if (w.who->in_bubble != nullptr) [[unlikely]]
    w.who->in_bubble->waits_for_lock(*w.who, &once_core::runner_of, &c);
  park(c.guard, wait_reason::once);
}

}  // namespace

bool begin_once(once_storage& storage) {
  const events::site where{__builtin_return_address(0)};
  schedule_point();
  once_core& c = core_of(storage);
  std::uint32_t seen = c.state.load(std::memory_order_acquire);
  if (seen == once_core::fresh &&
      c.state.compare_exchange_strong(seen, once_core::running, std::memory_order_acquire)) {
    c.runner.store(&current(), std::memory_order_release);
    if (events::observer* o = events::installed()) [[unlikely]] {
      o->on_lock_owned(current(), c.object, lock_mode::exclusive, false, where);
    } else if (holdings_kept()) [[unlikely]] {
      note_taken_by(current(), &c, lock_mode::exclusive, where);
    }
    return true;
  }
  if (!once_core::is_done(seen)) wait_until_done(c, where);
  if (events::observer* o = events::installed()) [[unlikely]]
    o->on_acquired(current(), c.object, 0, where);
  return false;
}

void finish_once(once_storage& storage) noexcept {
  const events::site where{__builtin_return_address(0)};
  once_core& c = core_of(storage);
  wake_list woken;
  {
    const spin_lock lock(c.guard);
    if (events::observer* o = events::installed()) [[unlikely]] {
      o->on_lock_disowned(current(), c.object, lock_mode::exclusive, where);
      o->on_released(current(), c.object, 0, where);
    } else if (holdings_kept()) [[unlikely]] {
      note_let_go_by(current(), &c, lock_mode::exclusive);
    }
    // Under a policy a call is a place where others may run, so it is not inline there.
    c.state.store(unwatched() ? once_core::done_unwatched : once_core::done, std::memory_order_release);
    while (waiter* w = c.queue.pop()) woken.add(*w, wake_result::delivered);
  }
  woken.ready_all();
}

}  // namespace snag::detail
