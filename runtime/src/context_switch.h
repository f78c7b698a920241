// SPDX-License-Identifier: Apache-2.0
#pragma once
// Boost.Context's fcontext, wrapped: the one file that knows how a stack is left and entered.
//
// fcontext saves and restores the whole MXCSR, status flags included, and writing a register whose flags
// differ from the current ones costs 14 times the switch itself: bench/switch_bench.cpp has 4.4 ns against 62
// ns, and 5.6 ns here, either way. The x86-64 psABI makes only the control bits callee-saved, so a switch,
// being a call, need not preserve the flags: jump() copies the current flags into the context it is about to
// enter, which then loads what the register already holds. Consequence, documented for users: floating-point
// status flags (<cfenv>) belong to the thread, not the goroutine, and do not survive a blocking call.
// Rounding and masks do.
//
// The place of MXCSR in a saved context is Boost's private layout; it is tested once at start, and where it
// is not found (a Boost built with BOOST_USE_TSX saves none) the copy is left out.
#include <cstddef>
#include <cstdint>

#include "runtime/events.h"
#include "runtime/src/sanitizer.h"

namespace snag::detail {

// What a context finds when it runs again: who was left, suspended, and what was passed.
struct arrival {
  void* left;
  void* passed;
};

// A context that calls entry on first entry, which must not return.
void* make_context(events::stack_bounds, void (*entry)(arrival)) noexcept;
// Leaves the current context and enters `context`, which is used up. Returns when somebody enters this one.
arrival jump(void* context, void* pass) noexcept;
// The same for the last time: nobody may enter the context that is left again.
[[noreturn]] void jump_for_good(void* context, void* pass) noexcept;
// Of one that was left for good, before its stack is used again: what a sanitizer keeps of it goes.
#if SNAG_ADDRESS_SANITIZER || SNAG_THREAD_SANITIZER
void forget_context(void* context) noexcept;
void contexts_forked() noexcept;  // in the child
#else
inline void forget_context(void*) noexcept {}
inline void contexts_forked() noexcept {}
#endif

// The floating-point control state: rounding, masks, flush-to-zero. A new thread inherits its creator's, and
// so does a goroutine.
struct fp_control {
  std::uint32_t mxcsr;
  std::uint16_t x87;
};
fp_control read_fp_control() noexcept;
void load_fp_control(fp_control) noexcept;
void set_fp_control(void* context, fp_control) noexcept;  // of a context that is not running

// For walking the stack of a context that is not running: its frame pointer and where it will continue.
struct suspended_frame {
  const void* frame_pointer;
  const void* pc;
};
suspended_frame frame_of(void* context) noexcept;

}  // namespace snag::detail
