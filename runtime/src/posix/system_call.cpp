// SPDX-License-Identifier: Apache-2.0
// syscall(), by which libstdc++ waits for a word of memory: std::atomic::wait, std::counting_semaphore,
// std::future. An observer is told of a thread that waits so without a deadline. (What a goroutine waits for
// that way blocks its worker.)
#include <linux/futex.h>
#include <sys/syscall.h>

#include <cstdarg>

#include "runtime/src/futex.h"
#include "runtime/src/posix/lock_events.h"

namespace snag::detail {
namespace {

bool waits_for_ever(long number, long operation, long timeout) noexcept {
  if (number != SYS_futex || timeout != 0) return false;
  const long command = operation & FUTEX_CMD_MASK;
  return command == FUTEX_WAIT || command == FUTEX_WAIT_BITSET;
}

}  // namespace
}  // namespace snag::detail

// (That more is taken than was passed does no harm: libc's does, too.)
extern "C" long syscall(long number, ...) noexcept {
  using namespace snag::detail;
  va_list arguments;
  va_start(arguments, number);
  long a[6];
  for (long& one : a) one = va_arg(arguments, long);
  va_end(arguments);
  const auto real = [&] { return system_call(number, a[0], a[1], a[2], a[3], a[4], a[5]); };
  if (!waits_for_ever(number, a[1], a[3]) || running_goroutine() != nullptr) return real();
  return wait_in_library(reinterpret_cast<const void*>(a[0]), snag::events::object_kind::other, false,
                         {__builtin_return_address(0)}, real);
}
