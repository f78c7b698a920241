// SPDX-License-Identifier: Apache-2.0
// pthread_rwlock_*, and with it std::shared_mutex. A goroutine that cannot have the lock parks; every unlock
// wakes all of them, and each tries again.
#include <pthread.h>

#include <cerrno>

#include "runtime/src/posix/address_objects.h"
#include "runtime/src/posix/lock_events.h"
#include "runtime/src/posix/owners.h"
#include "runtime/src/posix/parking_lot.h"
#include "runtime/src/posix/real.h"

namespace snag::detail {
namespace {

SNAG_REAL(pthread_rwlock_rdlock);
SNAG_REAL(pthread_rwlock_wrlock);
SNAG_REAL(pthread_rwlock_tryrdlock);
SNAG_REAL(pthread_rwlock_trywrlock);
SNAG_REAL(pthread_rwlock_timedrdlock);
SNAG_REAL(pthread_rwlock_timedwrlock);
SNAG_REAL(pthread_rwlock_clockrdlock);
SNAG_REAL(pthread_rwlock_clockwrlock);
SNAG_REAL(pthread_rwlock_unlock);
SNAG_REAL(pthread_rwlock_destroy);

using events::lock_mode;
constexpr auto kind = events::object_kind::pthread_rwlock;

int try_lock(pthread_rwlock_t* lock, lock_mode mode) noexcept {
  return mode == lock_mode::shared ? real_pthread_rwlock_tryrdlock(lock)
                                   : real_pthread_rwlock_trywrlock(lock);
}

int lock_parking(pthread_rwlock_t* lock, lock_mode mode, goroutine& self, nanoseconds deadline,
                 events::site where) noexcept {
  const bool shared = mode == lock_mode::shared;
  const wait_reason reason = shared ? wait_reason::shared_mutex_rlock : wait_reason::shared_mutex_lock;
  const auto operation = shared ? events::wait_operation::lock_shared : events::wait_operation::lock;
  parking_shard& shard = parking_shard_of(lock);
  for (;;) {
    int result = try_lock(lock, mode);
    if (result != EBUSY) return result;
    parked here{lock, &self};
    shard.mutex.lock();
    shard.push(here);
    result = try_lock(lock, mode);
    if (result != EBUSY) {
      shard.remove(here);
      shard.mutex.unlock();
      return result;
    }
    tell_blocked(self, lock, kind, operation, reason, where, deadline != deadline_of(nullptr, 0));
    shard.sleep(here, deadline, reason);
    if (here.timed_out) return try_lock(lock, mode) == 0 ? 0 : ETIMEDOUT;
  }
}

// On a thread that runs no goroutine: the C library waits, and an observer is told before. Whoever writes is
// refused (EDEADLK), and does not wait.
template <class Real>
int lock_waiting(pthread_rwlock_t* lock, lock_mode mode, bool timed, events::site where, Real real) noexcept {
  if (events::listening() == nullptr || lock->__data.__shared != 0 ||
      lock->__data.__cur_writer == thread_id())
    return real();
  const int result = try_lock(lock, mode);
  if (result != EBUSY) return result;
  const bool shared = mode == lock_mode::shared;
  return wait_told(lock, kind, shared ? events::wait_operation::lock_shared : events::wait_operation::lock,
                   shared ? wait_reason::shared_mutex_rlock : wait_reason::shared_mutex_lock, timed, where,
                   real);
}

template <class Real>
int take(pthread_rwlock_t* lock, lock_mode mode, const timespec* absolute, clockid_t clock,
         events::site where, Real real) {
  goroutine* const self = running_goroutine();
  if (self != nullptr) schedule_point();
  const int result = self != nullptr ? lock_parking(lock, mode, *self, deadline_of(absolute, clock), where)
                                     : lock_waiting(lock, mode, absolute != nullptr, where, real);
  if (result == 0) tell_locked(lock, kind, mode, false, where);
  return result;
}

int try_take(pthread_rwlock_t* lock, lock_mode mode, events::site where) {
  if (running_goroutine() != nullptr) schedule_point();
  const int result = try_lock(lock, mode);
  if (result == 0) tell_locked(lock, kind, mode, true, where);
  return result;
}

}  // namespace
}  // namespace snag::detail

using namespace snag::detail;
#define SNAG_HERE \
  snag::events::site { __builtin_return_address(0) }

extern "C" {

int pthread_rwlock_rdlock(pthread_rwlock_t* lock) noexcept {
  return take(lock, lock_mode::shared, nullptr, 0, SNAG_HERE,
              [=] { return real_pthread_rwlock_rdlock(lock); });
}
int pthread_rwlock_wrlock(pthread_rwlock_t* lock) noexcept {
  return take(lock, lock_mode::exclusive, nullptr, 0, SNAG_HERE,
              [=] { return real_pthread_rwlock_wrlock(lock); });
}
int pthread_rwlock_tryrdlock(pthread_rwlock_t* lock) noexcept {
  return try_take(lock, lock_mode::shared, SNAG_HERE);
}
int pthread_rwlock_trywrlock(pthread_rwlock_t* lock) noexcept {
  return try_take(lock, lock_mode::exclusive, SNAG_HERE);
}
int pthread_rwlock_timedrdlock(pthread_rwlock_t* lock, const timespec* deadline) noexcept {
  return take(lock, lock_mode::shared, deadline, CLOCK_REALTIME, SNAG_HERE,
              [=] { return real_pthread_rwlock_timedrdlock(lock, deadline); });
}
int pthread_rwlock_timedwrlock(pthread_rwlock_t* lock, const timespec* deadline) noexcept {
  return take(lock, lock_mode::exclusive, deadline, CLOCK_REALTIME, SNAG_HERE,
              [=] { return real_pthread_rwlock_timedwrlock(lock, deadline); });
}
int pthread_rwlock_clockrdlock(pthread_rwlock_t* lock, clockid_t clock, const timespec* deadline) noexcept {
  return take(lock, lock_mode::shared, deadline, clock, SNAG_HERE,
              [=] { return real_pthread_rwlock_clockrdlock(lock, clock, deadline); });
}
int pthread_rwlock_clockwrlock(pthread_rwlock_t* lock, clockid_t clock, const timespec* deadline) noexcept {
  return take(lock, lock_mode::exclusive, deadline, clock, SNAG_HERE,
              [=] { return real_pthread_rwlock_clockwrlock(lock, clock, deadline); });
}

// glibc tells a writer's unlock from a reader's by the OS thread it noted down, which a goroutine may have
// left.
int pthread_rwlock_unlock(pthread_rwlock_t* lock) noexcept {
  tell_unlocking(lock, kind, lock_mode::exclusive, SNAG_HERE);
  if (running_goroutine() != nullptr && lock->__data.__cur_writer != 0)
    lock->__data.__cur_writer = thread_id();
  const int result = real_pthread_rwlock_unlock(lock);
  if (anybody_parked(lock)) unpark(lock, true);
  return result;
}

int pthread_rwlock_destroy(pthread_rwlock_t* lock) noexcept {
  if (snag::events::listening() != nullptr) forget_object(lock);
  return real_pthread_rwlock_destroy(lock);
}

}  // extern "C"
