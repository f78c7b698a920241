// SPDX-License-Identifier: Apache-2.0
// <threads.h>: the C library's own calls its pthread functions by internal names, past ours. Its types are
// pthread's under other names: mtx_t, cnd_t and once_flag begin with what pthread's are, thrd_t and tss_t are
// the same. What waits for nobody and tells nothing (tss_*, thrd_current, thrd_sleep, …) stays the C
// library's.
#include <pthread.h>
#include <threads.h>

#include <cerrno>
#include <cstdint>
#include <memory>

#include "runtime/src/posix/thread.h"

namespace snag::detail {
namespace {

static_assert(sizeof(mtx_t) >= sizeof(pthread_mutex_t) && alignof(mtx_t) >= alignof(pthread_mutex_t));
static_assert(sizeof(cnd_t) >= sizeof(pthread_cond_t) && alignof(cnd_t) >= alignof(pthread_cond_t));
static_assert(sizeof(once_flag) == sizeof(pthread_once_t));
static_assert(sizeof(thrd_t) == sizeof(pthread_t));

pthread_mutex_t* posix(mtx_t* mutex) noexcept { return reinterpret_cast<pthread_mutex_t*>(mutex); }
pthread_cond_t* posix(cnd_t* condition) noexcept { return reinterpret_cast<pthread_cond_t*>(condition); }

int result_of(int error) noexcept {
  switch (error) {
    case 0:
      return thrd_success;
    case ENOMEM:
      return thrd_nomem;
    case ETIMEDOUT:
      return thrd_timedout;
    case EBUSY:
      return thrd_busy;
    default:
      return thrd_error;
  }
}

struct start {
  thrd_start_t routine;
  void* argument;
};

void* result_pointer(int result) noexcept {
  return reinterpret_cast<void*>(static_cast<std::intptr_t>(result));
}

void* run_start(void* passed) {
  const start s = *std::unique_ptr<start>(static_cast<start*>(passed));
  return result_pointer(s.routine(s.argument));
}

}  // namespace
}  // namespace snag::detail

using namespace snag::detail;

extern "C" {

int thrd_create(thrd_t* id, thrd_start_t routine, void* argument) {
  auto s = std::make_unique<start>(routine, argument);
  const int error = create_thread(id, nullptr, run_start, s.get(), __builtin_return_address(0));
  if (error == 0) static_cast<void>(s.release());
  return error == EAGAIN ? thrd_nomem : result_of(error);
}

int thrd_join(thrd_t id, int* result) {
  void* pointer = nullptr;
  const int error = pthread_join(id, &pointer);
  if (error == 0 && result != nullptr) *result = static_cast<int>(reinterpret_cast<std::intptr_t>(pointer));
  return result_of(error);
}

int thrd_detach(thrd_t id) { return result_of(pthread_detach(id)); }
void thrd_exit(int result) { pthread_exit(result_pointer(result)); }

int mtx_init(mtx_t* mutex, int type) {
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  const bool recursive = (type & mtx_recursive) != 0;
  pthread_mutexattr_settype(&attributes, recursive ? PTHREAD_MUTEX_RECURSIVE : PTHREAD_MUTEX_NORMAL);
  const int error = pthread_mutex_init(posix(mutex), &attributes);
  pthread_mutexattr_destroy(&attributes);
  return result_of(error);
}

int mtx_lock(mtx_t* mutex) { return result_of(pthread_mutex_lock(posix(mutex))); }
int mtx_trylock(mtx_t* mutex) { return result_of(pthread_mutex_trylock(posix(mutex))); }
int mtx_timedlock(mtx_t* mutex, const timespec* deadline) {
  return result_of(pthread_mutex_timedlock(posix(mutex), deadline));
}
int mtx_unlock(mtx_t* mutex) { return result_of(pthread_mutex_unlock(posix(mutex))); }
void mtx_destroy(mtx_t* mutex) { pthread_mutex_destroy(posix(mutex)); }

int cnd_init(cnd_t* condition) { return result_of(pthread_cond_init(posix(condition), nullptr)); }
int cnd_signal(cnd_t* condition) { return result_of(pthread_cond_signal(posix(condition))); }
int cnd_broadcast(cnd_t* condition) { return result_of(pthread_cond_broadcast(posix(condition))); }
int cnd_wait(cnd_t* condition, mtx_t* mutex) {
  return result_of(pthread_cond_wait(posix(condition), posix(mutex)));
}
int cnd_timedwait(cnd_t* condition, mtx_t* mutex, const timespec* deadline) {
  return result_of(pthread_cond_timedwait(posix(condition), posix(mutex), deadline));
}
void cnd_destroy(cnd_t* condition) { pthread_cond_destroy(posix(condition)); }

void call_once(once_flag* flag, void (*routine)()) {
  pthread_once(reinterpret_cast<pthread_once_t*>(flag), routine);
}

}  // extern "C"
