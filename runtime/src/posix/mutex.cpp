// SPDX-License-Identifier: Apache-2.0
// pthread_mutex_*, and with it std::mutex: a goroutine that finds one locked parks instead of blocking its
// worker, and an observer learns who owns what. Without an observer, on a thread that runs no goroutine: the
// C library's own, after one branch.
//
// Recursive and error-checking mutexes belong to an OS thread, by their definition; a goroutine that finds
// one locked blocks its worker.
#include <pthread.h>

#include <cerrno>

#include "runtime/src/posix/address_objects.h"
#include "runtime/src/posix/lock_events.h"
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
bool parkable(const pthread_mutex_t* mutex) noexcept {
  const int type = mutex->__data.__kind & 0xff;
  return type == PTHREAD_MUTEX_NORMAL || type == PTHREAD_MUTEX_ADAPTIVE_NP;
}

int lock_parking(pthread_mutex_t* mutex, goroutine& self, nanoseconds deadline, events::site where) noexcept {
  parking_shard& shard = parking_shard_of(mutex);
  for (;;) {
    int result = real_pthread_mutex_trylock(mutex);
    if (result != EBUSY) return result;
    parked here{mutex, &self};
    shard.mutex.lock();
    shard.push(here);
    result = real_pthread_mutex_trylock(mutex);  // free since: whoever freed it may not have seen us
    if (result != EBUSY) {
      shard.remove(here);
      shard.mutex.unlock();
      return result;
    }
    tell_blocked(self, mutex, kind, events::wait_operation::lock, wait_reason::mutex_lock, where);
    shard.sleep(here, deadline, wait_reason::mutex_lock);
    if (here.timed_out) return real_pthread_mutex_trylock(mutex) == 0 ? 0 : ETIMEDOUT;
  }
}

template <class Real>
int lock(pthread_mutex_t* mutex, const timespec* absolute, clockid_t clock, events::site where, Real real) {
  goroutine* const self = running_goroutine();
  if (self != nullptr) schedule_point();
  const int result = self != nullptr && parkable(mutex)
                         ? lock_parking(mutex, *self, deadline_of(absolute, clock), where)
                         : real();
  if (result == 0 || result == EOWNERDEAD)
    tell_locked(mutex, kind, events::lock_mode::exclusive, false, where);
  return result;
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
  if (running_goroutine() != nullptr) schedule_point();
  const int result = real_pthread_mutex_trylock(mutex);
  if (result == 0 || result == EOWNERDEAD)
    tell_locked(mutex, kind, snag::events::lock_mode::exclusive, true, SNAG_HERE);
  return result;
}

int pthread_mutex_unlock(pthread_mutex_t* mutex) noexcept {
  tell_unlocking(mutex, kind, snag::events::lock_mode::exclusive, SNAG_HERE);
  const int result = real_pthread_mutex_unlock(mutex);
  if (anybody_parked()) unpark(mutex, false);
  return result;
}

int pthread_mutex_destroy(pthread_mutex_t* mutex) noexcept {
  if (snag::events::installed() != nullptr) forget_object(mutex);
  return real_pthread_mutex_destroy(mutex);
}

}  // extern "C"
