// SPDX-License-Identifier: Apache-2.0
// pthread_mutex_*, and with it std::mutex: a goroutine that finds one locked parks instead of blocking its
// worker, and an observer learns who owns what. Without an observer, on a thread that runs no goroutine: the
// C library's own, after one branch.
//
// Recursive and error-checking mutexes belong to the goroutine that locked them (owners.h); nested locking is
// no event. Robust, priority and process-shared ones stay the C library's.
#include <pthread.h>

#include <cerrno>

#include "runtime/src/posix/address_objects.h"
#include "runtime/src/posix/lock_events.h"
#include "runtime/src/posix/owners.h"
#include "runtime/src/posix/parking_lot.h"
#include "runtime/src/posix/real.h"

namespace snag::detail {
namespace {

SNAG_REAL(pthread_mutex_lock);
SNAG_REAL(pthread_mutex_trylock);
SNAG_REAL(pthread_mutex_timedlock);
SNAG_REAL(pthread_mutex_clocklock);
SNAG_REAL(pthread_mutex_unlock);
SNAG_REAL(pthread_mutex_destroy);

constexpr auto kind = events::object_kind::pthread_mutex;

// glibc keeps the type, and whether it is robust, inherits priority or is shared, in this field.
int type_of(const pthread_mutex_t* mutex) noexcept { return mutex->__data.__kind & 0xff; }
bool parkable(const pthread_mutex_t* mutex) noexcept { return type_of(mutex) <= PTHREAD_MUTEX_ADAPTIVE_NP; }
bool is_owned(const pthread_mutex_t* mutex) noexcept {
  const int type = type_of(mutex);
  return type == PTHREAD_MUTEX_RECURSIVE || type == PTHREAD_MUTEX_ERRORCHECK;
}
// Held more than once by the caller, an OS thread.
bool is_nested(const pthread_mutex_t* mutex) noexcept {
  return (type_of(mutex) & 3) == PTHREAD_MUTEX_RECURSIVE && mutex->__data.__count > 1;
}

constexpr int nested = -1;  // locked once more: success, but nothing to tell

int try_lock(pthread_mutex_t* mutex, goroutine& self) noexcept {
  if (!is_owned(mutex)) return real_pthread_mutex_trylock(mutex);
  switch (holder_of(mutex, self)) {
    case hold::mine:
      if (type_of(mutex) == PTHREAD_MUTEX_ERRORCHECK) return EDEADLK;
      hold_again(mutex);
      return nested;
    case hold::others:
      return EBUSY;
    case hold::none:
      break;
  }
  const int result = real_pthread_mutex_trylock(mutex);
  if (result == 0) hold_first(mutex, self);
  return result;
}

// What the C library has to do for the last unlock it does for the thread that is noted down.
int unlock(pthread_mutex_t* mutex, goroutine* self) noexcept {
  if (self == nullptr || !is_owned(mutex) || !parkable(mutex)) return real_pthread_mutex_unlock(mutex);
  if (holder_of(mutex, *self) != hold::mine) return EPERM;
  if (!release_one(mutex)) return 0;
  mutex->__data.__owner = thread_id();
  return real_pthread_mutex_unlock(mutex);
}

// Whether the unlock to come fails with EPERM, which is no misuse where it is promised: somebody else, or
// nobody, holds a mutex that looks at that ([pthread_mutex_unlock]).
bool is_refused(const pthread_mutex_t* mutex, goroutine* self) noexcept {
  if (self != nullptr && parkable(mutex)) return is_owned(mutex) && holder_of(mutex, *self) != hold::mine;
  constexpr int kind_bits = 3, robust_bit = 16;
  const int looks = type_of(mutex) & kind_bits;
  const bool checked = looks == PTHREAD_MUTEX_RECURSIVE || looks == PTHREAD_MUTEX_ERRORCHECK ||
                       (type_of(mutex) & robust_bit) != 0;
  return checked && mutex->__data.__owner != thread_id();
}

// Whether the unlock to come is the one that frees it.
bool is_last_unlock(const pthread_mutex_t* mutex, goroutine* self) noexcept {
  if (!is_owned(mutex)) return true;
  if (self == nullptr || !parkable(mutex)) return !is_nested(mutex);
  return is_held_once(mutex, *self);
}

int lock_parking(pthread_mutex_t* mutex, goroutine& self, nanoseconds deadline, events::site where) noexcept {
  int result = try_lock(mutex, self);
  if (result != EBUSY) return result;
  parking_shard& shard = parking_shard_of(mutex);
  parked here{mutex, &self};
  for (bool was_woken = false;; was_woken = true) {
    shard.mutex.lock();
    if (was_woken) shard.has_looked(here);
    was_woken ? shard.push_first(here) : shard.push(here);  // who has waited before goes first
    result = try_lock(mutex, self);  // free since: whoever freed it may not have seen us
    if (result != EBUSY) {
      shard.remove(here);
      shard.mutex.unlock();
      return result;
    }
    tell_blocked(self, mutex, kind, events::wait_operation::lock, wait_reason::mutex_lock, where,
                 deadline != deadline_of(nullptr, 0));
    shard.sleep(here, deadline, wait_reason::mutex_lock);
    self.competes.store(false, std::memory_order_relaxed);
    if (here.timed_out) {
      result = try_lock(mutex, self);
      return result == EBUSY ? ETIMEDOUT : result;
    }
  }
}

inline int tell(pthread_mutex_t* mutex, int result, bool tried, events::site where) noexcept {
  if (result == nested) return 0;
  if ((result == 0 || result == EOWNERDEAD) && !is_nested(mutex))
    tell_locked(mutex, kind, events::lock_mode::exclusive, tried, where);
  return result;
}

// Nobody outside the process may unlock it, and it stays locked when its owner ends.
bool is_freed_by_its_owner_alone(const pthread_mutex_t* mutex) noexcept {
  constexpr int robust_bit = 16, shared_bit = 128;
  return (type_of(mutex) & (robust_bit | shared_bit)) == 0;
}
// Answers EDEADLK instead of waiting.
bool refuses(const pthread_mutex_t* mutex) noexcept {
  constexpr int kind_bits = 3;
  return (type_of(mutex) & kind_bits) == PTHREAD_MUTEX_ERRORCHECK && mutex->__data.__owner == thread_id();
}

// On a thread that runs no goroutine: the C library waits, and an observer is told before.
template <class Real>
int lock_waiting(pthread_mutex_t* mutex, bool timed, events::site where, Real real) noexcept {
  if (events::listening() == nullptr || !is_freed_by_its_owner_alone(mutex) || refuses(mutex)) return real();
  const int result = real_pthread_mutex_trylock(mutex);
  if (result != EBUSY) return result;
  return wait_told(mutex, kind, events::wait_operation::lock, wait_reason::mutex_lock, timed, where, real);
}

template <class Real>
int lock(pthread_mutex_t* mutex, const timespec* absolute, clockid_t clock, events::site where, Real real) {
  goroutine* const self = running_goroutine();
  if (self != nullptr) schedule_point();
  const int result = self != nullptr && parkable(mutex)
                         ? lock_parking(mutex, *self, deadline_of(absolute, clock), where)
                         : lock_waiting(mutex, absolute != nullptr, where, real);
  return tell(mutex, result, false, where);
}

}  // namespace
}  // namespace snag::detail

using namespace snag::detail;
#define SNAG_HERE \
  snag::events::site { __builtin_return_address(0) }

extern "C" {

int pthread_mutex_lock(pthread_mutex_t* mutex) noexcept {
  return lock(mutex, nullptr, 0, SNAG_HERE, [=] { return real_pthread_mutex_lock(mutex); });
}

int pthread_mutex_timedlock(pthread_mutex_t* mutex, const timespec* deadline) noexcept {
  return lock(mutex, deadline, CLOCK_REALTIME, SNAG_HERE,
              [=] { return real_pthread_mutex_timedlock(mutex, deadline); });
}

int pthread_mutex_clocklock(pthread_mutex_t* mutex, clockid_t clock, const timespec* deadline) noexcept {
  return lock(mutex, deadline, clock, SNAG_HERE,
              [=] { return real_pthread_mutex_clocklock(mutex, clock, deadline); });
}

int pthread_mutex_trylock(pthread_mutex_t* mutex) noexcept {
  goroutine* const self = running_goroutine();
  if (self != nullptr) schedule_point();
  int result =
      self != nullptr && parkable(mutex) ? try_lock(mutex, *self) : real_pthread_mutex_trylock(mutex);
  if (result == EDEADLK) result = EBUSY;
  return tell(mutex, result, true, SNAG_HERE);
}

int pthread_mutex_unlock(pthread_mutex_t* mutex) noexcept {
  goroutine* const self = running_goroutine();
  if (!is_refused(mutex, self) && is_last_unlock(mutex, self))
    tell_unlocking(mutex, kind, snag::events::lock_mode::exclusive, SNAG_HERE);
  const int result = unlock(mutex, self);
  if (anybody_parked(mutex)) unpark_to_compete(mutex);
  return result;
}

int pthread_mutex_destroy(pthread_mutex_t* mutex) noexcept {
  if (snag::events::listening() != nullptr) forget_object(mutex);
  return real_pthread_mutex_destroy(mutex);
}

}  // extern "C"
