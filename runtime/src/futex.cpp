// SPDX-License-Identifier: Apache-2.0
#include "runtime/src/futex.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>

namespace snag::detail {

bool futex_wait(std::atomic<std::uint32_t>& word, std::uint32_t expected,
                std::chrono::nanoseconds deadline) noexcept {
  timespec until{};
  const bool bounded = deadline != std::chrono::nanoseconds::max();
  if (bounded) {
    until.tv_sec = deadline.count() / 1'000'000'000;
    until.tv_nsec = deadline.count() % 1'000'000'000;
  }
  const int saved = errno;
  const long result = syscall(SYS_futex, &word, FUTEX_WAIT_BITSET_PRIVATE, expected,
                              bounded ? &until : nullptr, nullptr, FUTEX_BITSET_MATCH_ANY);
  const bool timed_out = result != 0 && errno == ETIMEDOUT;
  errno = saved;
  return !timed_out;
}

void futex_wake(std::atomic<std::uint32_t>& word, int count) noexcept {
  const int saved = errno;
  syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, count, nullptr, nullptr, 0);
  errno = saved;
}

std::chrono::nanoseconds now_real() noexcept {
  timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return std::chrono::nanoseconds(t.tv_sec * 1'000'000'000 + t.tv_nsec);
}

}  // namespace snag::detail
