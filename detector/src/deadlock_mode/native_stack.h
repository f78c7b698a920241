// SPDX-License-Identifier: Apache-2.0
#pragma once
// Return addresses of a stack whose functions keep no frames for us: by what the compiler says about them in
// .eh_frame (System V psABI for x86-64, 3.7; DWARF 5, 6.4), and by frame pointers where that says nothing.
// What it says of an address is remembered, so a known frame costs a few nanoseconds. Thread-safe and
// lock-free, takes nothing from malloc: other threads may be stopped anywhere.
#include <cstddef>
#include <cstdint>

#include "detector/src/frames.h"

namespace snag::detector {

// In a function's code, after a call that it made: the stack is in use from `sp` on.
struct native_frame {
  std::uintptr_t pc = 0, sp = 0, bp = 0;
};

// To the caller's. False: there is none, or it cannot be found within the stack.
bool step_out(native_frame&, stack_window stack) noexcept;

// The first instruction of the function that the return address lies in; 0: unknown.
std::uintptr_t function_around(std::uintptr_t pc) noexcept;

// The frame that called the function whose __builtin_frame_address(0) is given.
inline native_frame caller_of(const void* frame) noexcept {
  const auto* const words = static_cast<const std::uintptr_t*>(frame);
  return {words[1], reinterpret_cast<std::uintptr_t>(words + 2), words[0]};
}

}  // namespace snag::detector
