// SPDX-License-Identifier: Apache-2.0
#include "runtime/src/spin_mutex.h"

#include <sched.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>

namespace snag::detail {

void spin_mutex::lock_slow() noexcept {
  const int saved = errno;
  for (unsigned round = 0;; ++round) {
    if (round < 64) {
      for (unsigned i = 0; i < (round < 6 ? 1u << round : 64u); ++i) __builtin_ia32_pause();
    } else if (round < 128) {
      sched_yield();
    } else {
      const timespec pause{0, round < 256 ? 20'000 : 500'000};
      syscall(SYS_nanosleep, &pause, nullptr);  // nanosleep() is a cancellation point, which we are not
    }
    if (held_.load(std::memory_order_relaxed) == 0 && held_.exchange(1, std::memory_order_acquire) == 0) {
      errno = saved;
      return;
    }
  }
}

}  // namespace snag::detail
