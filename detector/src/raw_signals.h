// SPDX-License-Identifier: Apache-2.0
#pragma once
// The calling thread's signal mask, straight from the kernel: libc's sigprocmask leaves out the signals that
// it keeps for itself, such as a cancellation's.
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

}  // namespace snag::detector
