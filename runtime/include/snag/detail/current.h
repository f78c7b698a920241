// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the shortest ways of uncontended operations need, inlined into the user's code: a call would cost as
// much as half of the atomic operation that such an operation is. Everything else is behind functions.
#include <cstdint>

#include "snag/config.h"
#include "snag/detail/inline.h"

// Not 0: somebody watches the runtime, or something is to be done at schedule points; then the short ways are
// closed.
extern "C" std::uint32_t snag_attention;

namespace snag::detail {

struct goroutine;

SNAG_INLINE bool unwatched() noexcept {
  return __builtin_expect(__atomic_load_n(&snag_attention, __ATOMIC_RELAXED) == 0, 1);
}

// The goroutine that the calling thread, a worker, runs; null on a scheduler's stack and on foreign threads.
// Read by hand-written code: a compiler may keep the address of a thread_local in a register, and the caller
// may be on another thread when it looks the next time.
SNAG_INLINE goroutine* running_goroutine() noexcept {
  goroutine* g;
  asm volatile("movq snag_running_goroutine@gottpoff(%%rip), %0\n\tmovq %%fs:(%0), %0" : "=r"(g));
  return g;
}

}  // namespace snag::detail
