// SPDX-License-Identifier: Apache-2.0
#pragma once
// Waiting where nothing may be woken: rounds of looking again, for what takes milliseconds and is rare.
#include <time.h>

#include "detector/src/raw_io.h"

namespace snag::detector {

constexpr unsigned patient_rounds = 2000;  // of half a millisecond: about a second

inline void wait_a_round(unsigned round) noexcept {
  if (round < 50) {
    syscall(SYS_sched_yield);
    return;
  }
  const timespec pause{0, 500'000};
  syscall(SYS_nanosleep, &pause, nullptr);
}

}  // namespace snag::detector
