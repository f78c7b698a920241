// SPDX-License-Identifier: Apache-2.0
// pthread_exit. In main it ends main alone: the process goes on until the last thread and goroutine has
// ended, and then ends as if main had returned 0 (POSIX.1-2017, pthread_exit). Main's frames are unwound, as
// goexit() does, but its goroutine waits for the others instead of ending. Another goroutine is no thread
// that could exit.
#include <pthread.h>

#include "runtime/src/fatal.h"
#include "runtime/src/goexit.h"
#include "runtime/src/os_thread.h"
#include "runtime/src/posix/parking_lot.h"
#include "runtime/src/posix/real.h"
#include "runtime/src/posix/thread.h"
#include "runtime/src/scheduler_core.h"
#include "snag/panic.h"

namespace snag::detail {
namespace {
constinit real_function<void(void*)> real_pthread_exit("pthread_exit");
}
}  // namespace snag::detail

extern "C" void pthread_exit(void* value) {
  using namespace snag::detail;
  leave_os_thread();  // or a goroutine would be taken for a thread
  if (goroutine* const self = running_goroutine()) {
    if (!self->starts_main) fatal("pthread_exit in a goroutine, which is not a thread: use snag::goexit()");
    self->home->main_outlived = true;
    main_thread_leaves(value);
    start_goexit(*self);
  }
  real_pthread_exit(value);
  __builtin_unreachable();
}
