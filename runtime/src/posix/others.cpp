// SPDX-License-Identifier: Apache-2.0
// What orders threads besides locks: pthread_once (std::call_once), barriers, spin locks, semaphores. They
// block the OS thread, also under a goroutine; the observer learns the edges.
#include <pthread.h>
#include <semaphore.h>

#include "runtime/src/posix/lock_events.h"
#include "runtime/src/posix/real.h"

namespace snag::detail {
namespace {

SNAG_REAL(pthread_once);
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

// pthread_once passes nothing to its routine: the innermost call in progress says whose it is.
struct once_call {
  void (*routine)();
  pthread_once_t* control;
};
constinit thread_local const once_call* begun = nullptr;

[[gnu::noinline]] const once_call*& begun_call() noexcept { return begun; }

extern "C" void snag_run_once() {
  const once_call call = *begun_call();
  call.routine();
  tell_released_merging(call.control, object_kind::pthread_once, {});
}

}  // namespace
}  // namespace snag::detail

using namespace snag::detail;
#define SNAG_HERE \
  snag::events::site { __builtin_return_address(0) }

extern "C" {

int pthread_once(pthread_once_t* control, void (*routine)()) {
  if (snag::events::installed() == nullptr) return real_pthread_once(control, routine);
  const once_call call{routine, control};
  begun_call() = &call;
  const int result = real_pthread_once(control, snag_run_once);
  tell_acquired(control, object_kind::pthread_once, SNAG_HERE);
  return result;
}

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
  return real_sem_post(semaphore);
}
int sem_wait(sem_t* semaphore) {
  const int result = real_sem_wait(semaphore);
  if (result == 0) tell_acquired(semaphore, object_kind::semaphore, SNAG_HERE);
  return result;
}
int sem_trywait(sem_t* semaphore) noexcept {
  const int result = real_sem_trywait(semaphore);
  if (result == 0) tell_acquired(semaphore, object_kind::semaphore, SNAG_HERE);
  return result;
}
int sem_timedwait(sem_t* semaphore, const timespec* deadline) {
  const int result = real_sem_timedwait(semaphore, deadline);
  if (result == 0) tell_acquired(semaphore, object_kind::semaphore, SNAG_HERE);
  return result;
}
int sem_clockwait(sem_t* semaphore, clockid_t clock, const timespec* deadline) {
  const int result = real_sem_clockwait(semaphore, clock, deadline);
  if (result == 0) tell_acquired(semaphore, object_kind::semaphore, SNAG_HERE);
  return result;
}
int sem_destroy(sem_t* semaphore) noexcept {
  if (snag::events::installed() != nullptr) forget_object(semaphore);
  return real_sem_destroy(semaphore);
}

}  // extern "C"
