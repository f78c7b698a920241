// SPDX-License-Identifier: Apache-2.0
#pragma once
// How long whoever finds a lock of ours taken leaves it alone before it looks again: longer each time. Who
// holds it then takes it several times in a row, in caches that nobody pulls at.
#include <sched.h>

#include <algorithm>

namespace snag::detector {

struct backoff {
  unsigned first, longest;   // pauses of the processor, as binary logarithms
  unsigned before_yielding;  // rounds; then it is likely that the holder does not run

  void wait(unsigned& round) const noexcept {
    for (unsigned pauses = 1u << std::min(first + round, longest); pauses != 0; --pauses)
      __builtin_ia32_pause();
    if (++round >= before_yielding) sched_yield();
  }
};

// For a lock that is held for some dozens of instructions.
inline constexpr backoff held_for_a_moment{.first = 0, .longest = 7, .before_yielding = 16};

}  // namespace snag::detector
