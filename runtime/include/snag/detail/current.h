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

// The one reason that leaves them open: what is taken and let go is to be written down.
constexpr std::uint32_t holdings_are_kept = 1u << 30;

SNAG_INLINE bool leaves_short_ways(std::uint32_t attention) noexcept {
  return __builtin_expect((attention & ~holdings_are_kept) == 0, 1);
}
SNAG_INLINE bool unwatched() noexcept {
  return leaves_short_ways(__atomic_load_n(&snag_attention, __ATOMIC_RELAXED));
}

// Without optimisation std::lock_guard and its kin are functions of their own, which a lock is taken in.
#ifdef __OPTIMIZE__
constexpr bool wrappers_are_inline = true;
#else
constexpr bool wrappers_are_inline = false;
#endif

// Write it down, for the running goroutine or thread: after taking, before letting go. A lock begins with its
// object_header.
void note_taken(const void* lock, bool wrappers_inline) noexcept;
void note_taken_for_reading(const void* lock, bool wrappers_inline) noexcept;
void note_letting_go(void* lock) noexcept;
void note_letting_go_for_reading(void* lock) noexcept;

// The goroutine that the calling thread, a worker, runs; null on a scheduler's stack and on foreign threads.
// Read by hand-written code: a compiler may keep the address of a thread_local in a register, and the caller
// may be on another thread when it looks the next time.
SNAG_INLINE goroutine* running_goroutine() noexcept {
  goroutine* g;
  asm volatile("movq snag_running_goroutine@gottpoff(%%rip), %0\n\tmovq %%fs:(%0), %0" : "=r"(g));
  return g;
}

}  // namespace snag::detail
