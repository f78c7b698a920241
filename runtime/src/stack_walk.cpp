// SPDX-License-Identifier: Apache-2.0
#include "runtime/src/stack_walk.h"

#include <cstdint>

#include "runtime/src/sanitizer.h"

namespace snag::detail {

events::stack_bounds stack_limits(const goroutine& g) noexcept {
  if (g.stack) return g.stack.bounds();
  // A thread's stack is contiguous and around the caller's frame; 8 MiB upwards is what the default gives.
  auto* here = static_cast<std::byte*>(__builtin_frame_address(0));
  return {here, here + (8 << 20)};
}

// (Unsanitized: a frame has neighbours that are nobody's to read.)
SNAG_UNSANITIZED std::size_t walk_frames(suspended_frame start, events::stack_bounds bounds, const void** out,
                                         std::size_t maximum) noexcept {
  std::size_t count = 0;
  if (start.pc != nullptr && count < maximum) out[count++] = start.pc;
  const auto* frame = static_cast<const void* const*>(start.frame_pointer);
  const auto* low = bounds.low;
  while (count < maximum) {
    const auto* at = reinterpret_cast<const std::byte*>(frame);
    const bool plausible = at >= low && at + 2 * sizeof(void*) <= bounds.high &&
                           reinterpret_cast<std::uintptr_t>(at) % alignof(void*) == 0;
    if (!plausible || frame[1] == nullptr) break;
    out[count++] = frame[1];
    low = at + 1;  // frames grow towards high addresses: no loops
    frame = static_cast<const void* const*>(frame[0]);
  }
  return count;
}

}  // namespace snag::detail
