// SPDX-License-Identifier: Apache-2.0
#include "snag/mutex.h"

#include <cstddef>
#include <new>

#include "runtime/src/bubble.h"
#include "runtime/src/holdings.h"
#include "runtime/src/object.h"
#include "runtime/src/scheduler.h"
#include "runtime/src/spin_mutex.h"
#include "runtime/src/wait_queue.h"
#include "runtime/src/worker.h"

namespace snag::detail {

using events::lock_mode;
using events::wait_mode;
using events::wait_operation;

namespace {

// What a mutex_storage is.
//   state = owner | waiting     owner: the goroutine that holds the mutex, 0 if nobody does
//                               waiting: unlocking has something to do
// `waiting` changes under the guard only; the owner anywhere. Whenever the guard is free and somebody queues,
// `waiting` is set or `woken` is: while one competes, whoever holds the lock and takes it again and again
// need not look after the others (mutexWoken in Go, sync/mutex.go). `waiting` without an owner: whoever has
// just let go is about to look after the queue, and nobody else takes the lock.
struct mutex_core {
  static constexpr std::uintptr_t waiting = 1;

  events::object object;
  std::atomic<std::uintptr_t> state;
  spin_mutex guard;
  bool woken SNAG_GUARDED_BY(guard);  // somebody was taken off the queue to compete, and has not looked yet
  wait_queue queue;                   // changed under the guard

  static std::uintptr_t owner(std::uintptr_t state) noexcept { return state & ~waiting; }
  static std::uintptr_t id(const goroutine& g) noexcept { return reinterpret_cast<std::uintptr_t>(&g); }

  static const goroutine* owner_of(const void* core) noexcept {
    return reinterpret_cast<const goroutine*>(
        owner(static_cast<const mutex_core*>(core)->state.load(std::memory_order_acquire)));
  }
  std::uintptr_t to_do() const noexcept SNAG_REQUIRES(guard) { return queue.empty() || woken ? 0 : waiting; }
  bool try_take(goroutine& self) noexcept;
  void lock_slow(goroutine& self, events::site) noexcept;
  void unlock_slow(goroutine& self) noexcept;
  void tell_owned(goroutine& self, bool tried, events::site) noexcept;
};
static_assert(sizeof(mutex_core) == sizeof(mutex_storage) && alignof(mutex_core) == alignof(mutex_storage));
static_assert(alignof(goroutine) > mutex_core::waiting);
static_assert(offsetof(mutex_core, state) == offsetof(mutex_storage, words));  // the short ways know it

constexpr nanoseconds starving{1'000'000};  // Go, sync/mutex.go, starvationThresholdNs

struct mutex_waiter : waiter {
  nanoseconds since{0};
};

mutex_core& core_of(mutex_storage& storage) noexcept {
  return *std::launder(reinterpret_cast<mutex_core*>(&storage));
}

void mutex_core::tell_owned(goroutine& self, bool tried, events::site where) noexcept {
  if (events::observer* o = events::installed()) [[unlikely]] {
    count_lock_taken();
    o->on_mutex_locked(self, object, tried, where);
  } else if (holdings_kept()) [[unlikely]] {
    note_taken_by(self, this, lock_mode::exclusive, where);
  }
}

bool mutex_core::try_take(goroutine& self) noexcept {
  std::uintptr_t free = 0;
  return state.compare_exchange_strong(free, id(self), std::memory_order_acquire, std::memory_order_relaxed);
}

void mutex_core::lock_slow(goroutine& self, events::site where) noexcept {
  mutex_waiter w;
  w.who = &self;
  w.where = where;
  w.since = now();
  bool was_woken = false;
  for (;;) {
    guard.lock();
    if (was_woken) woken = false;
    std::uintptr_t seen = state.load(std::memory_order_relaxed);
    for (;;) {
      const bool is_free = seen == 0;
      const std::uintptr_t after = is_free ? id(self) | to_do() : seen | (woken ? 0 : waiting);
      if (!state.compare_exchange_weak(seen, after, std::memory_order_acquire, std::memory_order_relaxed))
        continue;
      if (!is_free) break;
      guard.unlock();
      return;
    }
    w.result = wake_result::none;
    was_woken ? queue.push_front(w) : queue.push(w);  // who has waited before goes first
    if (events::observer* o = events::listening()) [[unlikely]] {
      const events::wait_target target{&object, wait_operation::lock};
      o->on_blocked(self, wait_reason::mutex_lock, wait_mode::all_of, {&target, 1}, where);
    }
    if (self.in_bubble != nullptr) [[unlikely]]
      self.in_bubble->waits_for_lock(self, &owner_of, this);
    park(guard, wait_reason::mutex_lock);
    self.competes.store(false, std::memory_order_relaxed);
    if (w.result == wake_result::delivered) return;
    was_woken = true;
  }
}

// Somebody waits. Whoever starves is made the owner; else the first competes with whoever comes along.
void mutex_core::unlock_slow(goroutine& self) noexcept {
  wake_list readied;
  bool handed_over = false;
  {
    const spin_lock lock(guard);
    auto* const first = static_cast<mutex_waiter*>(queue.first());
    const bool starves = first != nullptr && now() - first->since > starving;
    std::uintptr_t after = 0;
    if (starves) {
      queue.remove(*first);
      after = id(*first->who);
      readied.add(*first, wake_result::delivered);
      handed_over = true;
    } else if (first != nullptr && !woken) {
      queue.remove(*first);
      woken = true;
      first->who->competes.store(true, std::memory_order_relaxed);
      readied.add(*first, wake_result::retry);
    }
    state.store(after | to_do(), std::memory_order_release);
  }
  readied.ready_all();
  if (handed_over && self.home != nullptr) yield_now();  // the rest of the time slice goes with the lock
}

}  // namespace

void lock_mutex(mutex_storage& storage) {
  const events::site where{__builtin_return_address(0)};
  schedule_point();
  mutex_core& m = core_of(storage);
  goroutine& self = current();
  std::uintptr_t expected = 0;
  if (!m.state.compare_exchange_strong(expected, mutex_core::id(self), std::memory_order_acquire,
                                       std::memory_order_relaxed)) {
    m.lock_slow(self, where);
  }
  m.tell_owned(self, false, where);
}

bool try_lock_mutex(mutex_storage& storage) {
  const events::site where{__builtin_return_address(0)};
  schedule_point();
  mutex_core& m = core_of(storage);
  goroutine& self = current();
  if (!m.try_take(self)) return false;
  m.tell_owned(self, true, where);
  return true;
}

void unlock_mutex(mutex_storage& storage) {
  const events::site where{__builtin_return_address(0)};
  schedule_point();
  mutex_core& m = core_of(storage);
  goroutine& self = current();
  if (events::observer* o = events::listening()) [[unlikely]] {
    const bool ours = mutex_core::owner(m.state.load(std::memory_order_relaxed)) == mutex_core::id(self);
    const bool hears_all = o == events::installed();
    if (ours && hears_all)
      o->on_mutex_unlocking(self, m.object, where);
    else if (hears_all || (ours && !note_let_go_by(self, &m, lock_mode::exclusive)))
      o->on_lock_disowned(self, m.object, lock_mode::exclusive,
                          where);  // (also when it is not ours: see below)
  }
  std::uintptr_t expected = mutex_core::id(self);
  if (m.state.compare_exchange_strong(expected, 0, std::memory_order_release, std::memory_order_relaxed))
    return;
  if (mutex_core::owner(expected) != mutex_core::id(self)) fatal("sync: unlock of unlocked mutex");
  m.unlock_slow(self);
}

// The lock was let go while somebody began to wait. Nobody else takes it as long as `waiting` is set.
void finish_unlock_mutex(mutex_storage& storage) {
  goroutine& self = current();
  mutex_core& m = core_of(storage);
  m.state.fetch_add(mutex_core::id(self), std::memory_order_acquire);
  m.unlock_slow(self);
}

}  // namespace snag::detail
