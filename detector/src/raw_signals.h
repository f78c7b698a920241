// SPDX-License-Identifier: Apache-2.0
#pragma once
// Masks and actions, straight from the kernel: libc's functions leave out the signals that it keeps for
// itself, such as a cancellation's.
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "detector/src/race.h"

namespace snag::detector {

constexpr signal_bits all_signals = ~signal_bits{0};

inline signal_bits exchange_signal_mask(signal_bits wanted) noexcept {
  signal_bits before = 0;
  syscall(SYS_rt_sigprocmask, SIG_SETMASK, &wanted, &before, sizeof wanted);
  return before;
}

struct kernel_action {
  signal_handler handler;
  unsigned long flags;
  void (*restorer)();
  signal_bits mask;
};
inline bool kernel_sigaction(int number, const kernel_action* wanted, kernel_action* old) noexcept {
  return syscall(SYS_rt_sigaction, number, wanted, old, sizeof(signal_bits)) == 0;
}

}  // namespace snag::detector
