// SPDX-License-Identifier: Apache-2.0
#include "runtime/src/goexit.h"

#include <cxxabi.h>
#include <unwind.h>

#include <cstdlib>
#include <cstring>

#include "runtime/src/fatal.h"
#include "runtime/src/sanitizer.h"
#include "runtime/src/scheduler.h"

namespace snag::detail {
namespace {

_Unwind_Reason_Code go_on(int, _Unwind_Action actions, _Unwind_Exception_Class, _Unwind_Exception*,
                          _Unwind_Context*, void*) {
  // Every goroutine's first frame catches; running out of frames means that something cut the stack.
  if ((actions & _UA_END_OF_STACK) != 0) fatal("goexit: the stack has no first frame");
  return _URC_NO_REASON;
}

void deleted(_Unwind_Reason_Code, _Unwind_Exception* exception) {
  std::free(exception);
  goroutine& self = current();
  if (self.unwinding_goexit) start_goexit(self);  // somebody's catch (...) ended without rethrowing
}

}  // namespace

void start_goexit(goroutine& self) {
  self.unwinding_goexit = true;
  auto* exception = static_cast<_Unwind_Exception*>(std::calloc(1, sizeof(_Unwind_Exception)));
  if (exception == nullptr) out_of_memory("goexit");
  std::memcpy(&exception->exception_class, "SNAGGOEX", sizeof exception->exception_class);
  exception->exception_cleanup = deleted;
  note_frames_left();
  _Unwind_ForcedUnwind(exception, go_on, nullptr);
  fatal("goexit: this thread cannot be unwound");
}

void end_goexit(goroutine& self) noexcept {
  self.unwinding_goexit = false;
  self.ended_by_goexit = true;
}

}  // namespace snag::detail
