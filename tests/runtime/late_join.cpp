// SPDX-License-Identifier: Apache-2.0
// Stands between the runtime and libc: what is to happen when a thread has been joined for real, and the
// runtime has not heard of it yet.
#include <dlfcn.h>
#include <pthread.h>

extern "C" {

void (*snag_test_after_join)() = nullptr;  // for the next join alone

static int joined(const char* by, pthread_t id, void** result) {
  using function = int (*)(pthread_t, void**);
  const int error = reinterpret_cast<function>(dlsym(RTLD_NEXT, by))(id, result);
  if (error != 0) return error;
  void (*const then)() = snag_test_after_join;
  snag_test_after_join = nullptr;
  if (then != nullptr) then();
  return error;
}

int pthread_join(pthread_t id, void** result) { return joined("pthread_join", id, result); }
int pthread_tryjoin_np(pthread_t id, void** result) noexcept {
  return joined("pthread_tryjoin_np", id, result);
}

}  // extern "C"
