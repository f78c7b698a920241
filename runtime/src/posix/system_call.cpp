// SPDX-License-Identifier: Apache-2.0
// syscall(), by which libstdc++ waits for a word of memory: std::atomic::wait, std::counting_semaphore,
// std::future. An observer is told who waits so without a deadline. (A goroutine, as main is one, blocks its
// worker meanwhile.)
//
// For an object that is no `int` libstdc++ waits for a word in a table of its own, which such objects share.
// Then the plugin has its function that looks the table up (bits/atomic_wait.h, __waiter_pool_base::_S_for)
// tell what was looked up: who can wake the waiter is who can reach that object.
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

struct table_entry {
  std::uintptr_t begin = 0;
  const void* for_object = nullptr;
};
constexpr std::uintptr_t entry_size = 128;     // two words, in cache lines of their own
constinit thread_local table_entry looked_up;  // last

}  // namespace
}  // namespace snag::detail

extern "C" void snag_looked_up_waiters(const void* entry, const void* for_object) noexcept {
  snag::detail::looked_up = {reinterpret_cast<std::uintptr_t>(entry), for_object};
}

// (That more is taken than was passed does no harm: libc's does, too.)
extern "C" long syscall(long number, ...) noexcept {
  using namespace snag::detail;
  va_list arguments;
  va_start(arguments, number);
  long a[6];
  for (long& one : a) one = va_arg(arguments, long);
  va_end(arguments);
  const auto real = [&] { return system_call(number, a[0], a[1], a[2], a[3], a[4], a[5]); };
  if (!waits_for_ever(number, a[1], a[3])) return real();
  const auto* const word = reinterpret_cast<const void*>(a[0]);
  const bool of_table = reinterpret_cast<std::uintptr_t>(word) - looked_up.begin < entry_size;
  return wait_in_library(of_table ? looked_up.for_object : word, snag::events::object_kind::other, false,
                         {__builtin_return_address(0)}, real, word);
}
