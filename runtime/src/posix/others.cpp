// SPDX-License-Identifier: Apache-2.0
// What orders threads besides locks: barriers, spin locks, semaphores. The observer learns the edges. A
// goroutine parks for a semaphore of its process; at barriers and spin locks it blocks its worker. Threads
// wait in the C library: sem_post may come from a signal handler, which must not meet a queue of ours.
#include <pthread.h>
#include <semaphore.h>
#include <time.h>

#include <cerrno>
#include <cstring>

#include "runtime/src/posix/lock_events.h"
#include "runtime/src/posix/real.h"
#include "snag/time.h"

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

// In several processes (sem_init with pshared, sem_open): others may post, whom the parking lot does not
// know.
bool process_shared(const sem_t* semaphore) noexcept {
  // glibc's struct new_sem: the value and who waits, 8 bytes; then 0 if it is private.
  unsigned word[3];
  std::memcpy(word, semaphore, sizeof word);
  return word[2] != 0;
}

bool is_posted(sem_t* semaphore) noexcept {
  int value = 0;
  return sem_getvalue(semaphore, &value) == 0 && value > 0;
}

// Out of line: where errno is must not survive a switch.
[[gnu::noinline]] int failed(int error) noexcept {
  errno = error;
  return -1;
}
[[gnu::noinline]] int wait_for_a_turn(sem_t* semaphore) {  // 0, or the error
  timespec until;
  clock_gettime(CLOCK_MONOTONIC, &until);
  constexpr long turn = 1'000'000, second = 1'000'000'000;
  until.tv_nsec += turn;
  if (until.tv_nsec >= second) until.tv_sec += 1, until.tv_nsec -= second;
  return real_sem_clockwait(semaphore, CLOCK_MONOTONIC, &until) == 0 ? 0 : errno;
}

// A goroutine's wait for somebody who may be in another process: blocks its worker, but lets go of it every
// now and then, since who posts may as well be a goroutine that needs it. Never asleep for good.
int wait_in_turns(sem_t* semaphore, nanoseconds deadline) {
  using namespace std::chrono_literals;
  for (;;) {
    schedule_point();
    const int error = wait_for_a_turn(semaphore);
    if (error == 0) return 0;
    if (error != ETIMEDOUT || now() >= deadline) return failed(error);
    sleep(100us);
  }
}

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
                 wait_reason::semaphore, where, deadline != nanoseconds::max());
    shard.sleep(here, deadline, wait_reason::semaphore);
    if (!here.timed_out) continue;
    if (real_sem_trywait(semaphore) == 0) return 0;
    return failed(ETIMEDOUT);
  }
}

template <class Real>
int wait(sem_t* semaphore, const timespec* absolute, clockid_t clock, events::site where, Real real) {
  goroutine* const self = running_goroutine();
  int result = 0;
  if (self == nullptr) {
    result = is_posted(semaphore) || process_shared(semaphore)
                 ? real()
                 : wait_in_library(semaphore, object_kind::semaphore, absolute != nullptr, where, real);
  } else if (process_shared(semaphore)) {
    result = wait_in_turns(semaphore, deadline_of(absolute, clock));
  } else {
    result = wait_parking(semaphore, *self, deadline_of(absolute, clock), where);
  }
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
  const auto arrive = [barrier] { return real_pthread_barrier_wait(barrier); };
  const int result = wait_in_library(barrier, object_kind::other, false, SNAG_HERE, arrive);
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
  if (anybody_parked(semaphore)) unpark(semaphore, false);
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
  if (snag::events::listening() != nullptr) forget_object(semaphore);
  return real_sem_destroy(semaphore);
}

}  // extern "C"
