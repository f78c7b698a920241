// SPDX-License-Identifier: Apache-2.0
// std::terminate: an exception that met a noexcept, left a destructor during unwinding or a foreign thread's
// function, or a std::thread that nobody joined. All of them are panics that nobody can recover.
#include <cxxabi.h>

#include <exception>

#include "runtime/src/fatal.h"
#include "runtime/src/goroutine.h"
#include "runtime/src/scheduler.h"

namespace snag::detail {
namespace {

[[noreturn]] void on_terminate() noexcept {
  goroutine& self = current();
  const char* const without_exception =
      self.unwinding_goexit
          ? "goexit() cannot leave a noexcept function, nor a destructor that unwinding runs"
          : "std::terminate called without an exception";
  die_of_exception(self, without_exception, __builtin_frame_address(0));
}

}  // namespace

void install_terminate_handler() noexcept {
  const std::terminate_handler standard = __gnu_cxx::__verbose_terminate_handler;
  if (std::get_terminate() == standard) std::set_terminate(on_terminate);  // a program's own stays
}

}  // namespace snag::detail
