// SPDX-License-Identifier: Apache-2.0
#include "runtime/src/futex.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>

namespace snag::detail {

long system_call(long number, long a, long b, long c, long d, long e, long f) noexcept {
  register long fourth asm("r10") = d;
  register long fifth asm("r8") = e;
  register long sixth asm("r9") = f;
  long result;
  asm volatile("syscall"
               : "=a"(result)
               : "a"(number), "D"(a), "S"(b), "d"(c), "r"(fourth), "r"(fifth), "r"(sixth)
               : "rcx", "r11", "memory");
  constexpr long most_errors = 4096;
  if (result < 0 && result > -most_errors) {
    errno = static_cast<int>(-result);
    return -1;
  }
  return result;
}

namespace {
long futex(std::atomic<std::uint32_t>& word, int operation, std::uint32_t value,
           const timespec* until) noexcept {
  return system_call(SYS_futex, reinterpret_cast<long>(&word), operation, value,
                     reinterpret_cast<long>(until), 0, FUTEX_BITSET_MATCH_ANY);
}
}  // namespace

bool futex_wait(std::atomic<std::uint32_t>& word, std::uint32_t expected,
                std::chrono::nanoseconds deadline) noexcept {
  timespec until{};
  const bool bounded = deadline != std::chrono::nanoseconds::max();
  if (bounded) {
    until.tv_sec = deadline.count() / 1'000'000'000;
    until.tv_nsec = deadline.count() % 1'000'000'000;
  }
  const int saved = errno;
  const long result = futex(word, FUTEX_WAIT_BITSET_PRIVATE, expected, bounded ? &until : nullptr);
  const bool timed_out = result != 0 && errno == ETIMEDOUT;
  errno = saved;
  return !timed_out;
}

void futex_wake(std::atomic<std::uint32_t>& word, int count) noexcept {
  const int saved = errno;
  futex(word, FUTEX_WAKE_PRIVATE, static_cast<std::uint32_t>(count), nullptr);
  errno = saved;
}

std::chrono::nanoseconds now_real() noexcept {
  timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return std::chrono::nanoseconds(t.tv_sec * 1'000'000'000 + t.tv_nsec);
}

}  // namespace snag::detail
