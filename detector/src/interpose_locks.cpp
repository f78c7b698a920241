// SPDX-License-Identifier: Apache-2.0
// Making a POSIX lock by a call writes it. Locking reads it (observer.cpp), so a lock that one thread makes
// while another one may use it is a race. (What is made by an initialiser is written by the program, or
// before it.)
#include <pthread.h>

#include "detector/src/call_checks.h"
#include "detector/src/libc_function.h"

namespace {

using namespace snag::detector;

SNAG_LIBC(pthread_mutex_init);
SNAG_LIBC(pthread_rwlock_init);

template <class Lock>
void made(Lock* lock) {
  if (!watching()) return;
  call_checks().writes(lock, sizeof *lock);
  on_lock_made(lock);
}

}  // namespace

extern "C" {

int pthread_mutex_init(pthread_mutex_t* mutex, const pthread_mutexattr_t* attributes) noexcept {
  made(mutex);
  return libc_pthread_mutex_init(mutex, attributes);
}
int pthread_rwlock_init(pthread_rwlock_t* lock, const pthread_rwlockattr_t* attributes) noexcept {
  made(lock);
  return libc_pthread_rwlock_init(lock, attributes);
}

}  // extern "C"
