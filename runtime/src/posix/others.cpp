// SPDX-License-Identifier: Apache-2.0
// What orders threads besides locks: barriers, spin locks, semaphores. The observer learns the edges. A
// goroutine parks for a semaphore; at barriers and spin locks it blocks its worker.
#include <pthread.h>
#include <semaphore.h>

#include <cerrno>

#include "runtime/src/posix/lock_events.h"
#include "runtime/src/posix/real.h"

namespace snag::detail {
namespace {

SNAG_REAL(pthread_barrier_wait);
SNAG_REAL(pthread_spin_lock);
SNAG_REAL(pthread_spin_trylock);
SNAG_REAL(pthread_spin_unlock);
SNAG_REAL(sem_post);
SNAG_REAL(sem_wait);
SNAG_REAL(sem_trywait);
SNAG_REAL(sem_timedwait);
SNAG_REAL(sem_clockwait);
SNAG_REAL(sem_destroy);

using events::lock_mode;
using events::object_kind;

// A goroutine's wait: trying, and parking in between.
int wait_parking(sem_t* semaphore, goroutine& self, nanoseconds deadline, events::site where) {
  schedule_point();
  parking_shard& shard = parking_shard_of(semaphore);
  for (;;) {
    if (real_sem_trywait(semaphore) == 0) return 0;
    parked here{semaphore, &self};
    shard.mutex.lock();
    shard.push(here);
    if (real_sem_trywait(semaphore) == 0) {  // posted since: whoever did may not have seen us
      shard.remove(here);
      shard.mutex.unlock();
      return 0;
    }
    tell_blocked(self, semaphore, object_kind::semaphore, events::wait_operation::wait,
                 wait_reason::semaphore, where);
    shard.sleep(here, deadline, wait_reason::semaphore);
    if (!here.timed_out) continue;
    if (real_sem_trywait(semaphore) == 0) return 0;
    errno = ETIMEDOUT;
    return -1;
  }
}

template <class Real>
int wait(sem_t* semaphore, const timespec* absolute, clockid_t clock, events::site where, Real real) {
  goroutine* const self = running_goroutine();
  const int result =
      self != nullptr ? wait_parking(semaphore, *self, deadline_of(absolute, clock), where) : real();
  if (result == 0) tell_acquired(semaphore, object_kind::semaphore, where);
  return result;
}

}  // namespace
}  // namespace snag::detail

using namespace snag::detail;
#define SNAG_HERE \
  snag::events::site { __builtin_return_address(0) }

extern "C" {

int pthread_barrier_wait(pthread_barrier_t* barrier) noexcept {
  tell_released_merging(barrier, object_kind::other, SNAG_HERE);
  const int result = real_pthread_barrier_wait(barrier);
  if (result == 0 || result == PTHREAD_BARRIER_SERIAL_THREAD)
    tell_acquired(barrier, object_kind::other, SNAG_HERE);
  return result;
}

int pthread_spin_lock(pthread_spinlock_t* lock) noexcept {
  const int result = real_pthread_spin_lock(lock);
  if (result == 0)
    tell_locked(const_cast<const int*>(lock), object_kind::pthread_mutex, lock_mode::exclusive, false,
                SNAG_HERE);
  return result;
}
int pthread_spin_trylock(pthread_spinlock_t* lock) noexcept {
  const int result = real_pthread_spin_trylock(lock);
  if (result == 0)
    tell_locked(const_cast<const int*>(lock), object_kind::pthread_mutex, lock_mode::exclusive, true,
                SNAG_HERE);
  return result;
}
int pthread_spin_unlock(pthread_spinlock_t* lock) noexcept {
  tell_unlocking(const_cast<const int*>(lock), object_kind::pthread_mutex, lock_mode::exclusive, SNAG_HERE);
  return real_pthread_spin_unlock(lock);
}

int sem_post(sem_t* semaphore) noexcept {
  tell_released_merging(semaphore, object_kind::semaphore, SNAG_HERE);
  const int result = real_sem_post(semaphore);
  if (anybody_parked()) unpark(semaphore, false);
  return result;
}
int sem_wait(sem_t* semaphore) {
  return wait(semaphore, nullptr, 0, SNAG_HERE, [=] { return real_sem_wait(semaphore); });
}
int sem_trywait(sem_t* semaphore) noexcept {
  const int result = real_sem_trywait(semaphore);
  if (result == 0) tell_acquired(semaphore, object_kind::semaphore, SNAG_HERE);
  return result;
}
int sem_timedwait(sem_t* semaphore, const timespec* deadline) {
  return wait(semaphore, deadline, CLOCK_REALTIME, SNAG_HERE,
              [=] { return real_sem_timedwait(semaphore, deadline); });
}
int sem_clockwait(sem_t* semaphore, clockid_t clock, const timespec* deadline) {
  return wait(semaphore, deadline, clock, SNAG_HERE,
              [=] { return real_sem_clockwait(semaphore, clock, deadline); });
}
int sem_destroy(sem_t* semaphore) noexcept {
  if (snag::events::installed() != nullptr) forget_object(semaphore);
  return real_sem_destroy(semaphore);
}

}  // extern "C"
