// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>

namespace snag::events {

// For a function that is not inlined, at its beginning: it stores the registers that a callee has to keep,
// and what its callers have on this stack, in registers or not, lies at the answer or above. (Its own
// variables are below, and what dead frames have left between them.)
[[gnu::always_inline]] inline const std::byte* stack_with_registers() noexcept {
  __builtin_unwind_init();
  constexpr std::size_t kept = 5;  // rbx and r12 to r15, stored below rbp
  return static_cast<const std::byte*>(__builtin_frame_address(0)) - kept * sizeof(void*);
}

}  // namespace snag::events
