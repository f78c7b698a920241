// SPDX-License-Identifier: Apache-2.0
#pragma once
// Places of code without sites: a return address stands for a site of its own, which is given its names
// (function, file, line, and the calls it was inlined into) when a report needs them. So stacks are what they
// are with the plugin: a site and a context (context_tree.h). Thread-safe.
#include <cstddef>

#include "detector/src/deadlock_mode/native_stack.h"
#include "detector/src/frames.h"

namespace snag::detector {

inline constexpr std::size_t deepest_stack = 64;  // frames; what lies further out is left out

// The place where `innermost` stands, with the frames around it. Nothing: unknown.
place place_of_frames(native_frame innermost, stack_window) noexcept;
// Of return addresses, the innermost first.
place place_of_addresses(const void* const* addresses, std::size_t count) noexcept;

// From the frame of whoever calls, out to the one whose return address is `pc`. False: it is not there.
bool step_out_to(native_frame&, const void* pc, stack_window) noexcept;

// Looks its names up. Takes milliseconds the first time; not while the program stands still.
void name_place(place) noexcept;

}  // namespace snag::detector
