// SPDX-License-Identifier: Apache-2.0
// pthread_cond_*, and with it std::condition_variable: goroutines and threads wait in the parking lot alike,
// so a signal wakes whoever came first, whichever kind. Process-shared ones, and waits on a scheduler's
// stack, are the C library's. A notification orders nothing by itself (POSIX, C++ [thread.condition]): the
// mutex does. A thread that waits here can be cancelled (cancellation.h).
#include <pthread.h>

#include <cerrno>

#include "runtime/src/posix/address_objects.h"
#include "runtime/src/posix/cancellation.h"
#include "runtime/src/posix/lock_events.h"
#include "runtime/src/posix/parking_lot.h"
#include "runtime/src/posix/real.h"

namespace snag::detail {
namespace {

SNAG_REAL(pthread_cond_wait);
SNAG_REAL(pthread_cond_timedwait);
SNAG_REAL(pthread_cond_clockwait);
SNAG_REAL(pthread_cond_signal);
SNAG_REAL(pthread_cond_broadcast);
SNAG_REAL(pthread_cond_destroy);

constexpr auto kind = events::object_kind::pthread_cond;

// glibc keeps both attributes in the low bits of this field.
bool process_shared(const pthread_cond_t* condition) noexcept { return (condition->__data.__wrefs & 1) != 0; }
clockid_t clock_of(const pthread_cond_t* condition) noexcept {
  return (condition->__data.__wrefs & 2) != 0 ? CLOCK_MONOTONIC : CLOCK_REALTIME;
}

// All who wait at once have to use one mutex ([pthread_cond_wait]; C++20 [thread.condition.condvar]). What is
// at once is seen by the queue, not by happens-before: the notification that ends a wait orders nothing.
void tell_waits(parking_shard& shard, const pthread_cond_t* condition, const parked& here,
                events::site where) noexcept {
  events::observer* const o = events::installed();
  if (o == nullptr) [[likely]]
    return;
  events::object& object = object_at(condition, kind);
  {
    const spin_lock lock(shard.mutex);
    const parked* const other = shard.first(condition);
    if (here.queued && other->who != here.who && other->lock != here.lock)
      o->on_misused(*here.who, object, events::misuse::wait_with_other_lock, other->who, nullptr, where);
  }
  o->on_waits_unlocking(*here.who, object, where);
}

// Nobody may wait for it any more ([pthread_cond_destroy]; C++20 [thread.condition.condvar]); who was
// notified does not, also if he has not returned yet.
void tell_ends(pthread_cond_t* condition, events::observer& o, events::site where) noexcept {
  goroutine* const self = acting_now();
  if (self == nullptr || !anybody_parked(condition)) return;
  parking_shard& shard = parking_shard_of(condition);
  const spin_lock lock(shard.mutex);
  if (const parked* const waits = shard.first(condition))
    o.on_misused(*self, object_at(condition, kind), events::misuse::destroyed_waited_for, waits->who, nullptr,
                 where);
}

int wait(pthread_cond_t* condition, pthread_mutex_t* mutex, goroutine& self, nanoseconds deadline,
         events::site where) {
  parking_shard& shard = parking_shard_of(condition);
  parked here{condition, &self, mutex};
  cancellable_wait cancellable(self);
  cancellable.queue(shard, here);
  tell_waits(shard, condition, here, where);
  if (const int result = pthread_mutex_unlock(mutex); result != 0) {
    shard.mutex.lock();
    if (here.queued) shard.remove(here);
    shard.mutex.unlock();
    if (events::observer* o = events::installed()) [[unlikely]]
      o->on_unblocked(self, nullptr);
    cancellable.leave(here);
    return result;
  }
  shard.mutex.lock();
  if (here.queued)
    tell_blocked(self, condition, kind, events::wait_operation::wait, wait_reason::condition_wait, where,
                 deadline != nanoseconds::max());
  shard.sleep(here, deadline, wait_reason::condition_wait);
  const int result = pthread_mutex_lock(mutex);
  cancellable.leave(here);  // its handlers run with the mutex held
  return result != 0 ? result : here.timed_out ? ETIMEDOUT : 0;
}

goroutine* waiter_for(const pthread_cond_t* condition) noexcept {
  return process_shared(condition) ? nullptr : acting_now();
}

}  // namespace
}  // namespace snag::detail

using namespace snag::detail;
#define SNAG_HERE \
  snag::events::site { __builtin_return_address(0) }

extern "C" {

int pthread_cond_wait(pthread_cond_t* condition, pthread_mutex_t* mutex) {
  goroutine* const self = waiter_for(condition);
  if (self == nullptr) return real_pthread_cond_wait(condition, mutex);
  return wait(condition, mutex, *self, nanoseconds::max(), SNAG_HERE);
}

int pthread_cond_timedwait(pthread_cond_t* condition, pthread_mutex_t* mutex, const timespec* deadline) {
  goroutine* const self = waiter_for(condition);
  if (self == nullptr) return real_pthread_cond_timedwait(condition, mutex, deadline);
  return wait(condition, mutex, *self, deadline_of(deadline, clock_of(condition)), SNAG_HERE);
}

int pthread_cond_clockwait(pthread_cond_t* condition, pthread_mutex_t* mutex, clockid_t clock,
                           const timespec* deadline) {
  goroutine* const self = waiter_for(condition);
  if (self == nullptr) return real_pthread_cond_clockwait(condition, mutex, clock, deadline);
  return wait(condition, mutex, *self, deadline_of(deadline, clock), SNAG_HERE);
}

int pthread_cond_signal(pthread_cond_t* condition) noexcept {
  if (anybody_parked(condition) && unpark(condition, false) != 0) return 0;
  return real_pthread_cond_signal(condition);
}

int pthread_cond_broadcast(pthread_cond_t* condition) noexcept {
  if (anybody_parked(condition)) unpark(condition, true);
  return real_pthread_cond_broadcast(condition);
}

int pthread_cond_destroy(pthread_cond_t* condition) noexcept {
  if (snag::events::observer* o = snag::events::installed()) tell_ends(condition, *o, SNAG_HERE);
  if (snag::events::listening() != nullptr) forget_object(condition);
  return real_pthread_cond_destroy(condition);
}

}  // extern "C"
