// SPDX-License-Identifier: Apache-2.0
// Stands between the runtime and libc: what is to happen when a thread has been joined for real, and the
// runtime has not heard of it yet.
#include <dlfcn.h>
#include <pthread.h>

extern "C" {

void (*snag_test_after_join)() = nullptr;  // for the next join alone

int pthread_join(pthread_t id, void** result) {
  using function = int (*)(pthread_t, void**);
  static const auto real = reinterpret_cast<function>(dlsym(RTLD_NEXT, "pthread_join"));
  const int error = real(id, result);
  void (*const then)() = snag_test_after_join;
  snag_test_after_join = nullptr;
  if (then != nullptr) then();
  return error;
}

}  // extern "C"
