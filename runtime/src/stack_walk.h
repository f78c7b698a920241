// SPDX-License-Identifier: Apache-2.0
#pragma once
// Return addresses of a stack by its frame pointers, running or suspended. Needs code compiled with
// -fno-omit-frame-pointer (the compiler driver sees to it); stops at the first frame that does not look like
// one. Async-signal-safe.
#include <cstddef>

#include "runtime/src/context_switch.h"
#include "runtime/src/goroutine.h"

namespace snag::detail {

// Where this goroutine's (or thread's) stack may lie; generous where it is not known.
events::stack_bounds stack_limits(const goroutine&) noexcept;

// From `start` (its pc first, unless null) outwards. Answers how many were stored.
std::size_t walk_frames(suspended_frame start, events::stack_bounds, const void** out,
                        std::size_t maximum) noexcept;

}  // namespace snag::detail
