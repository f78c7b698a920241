// SPDX-License-Identifier: Apache-2.0
#include "runtime/census.h"

#include <cstdint>

#include "runtime/src/context_switch.h"
#include "runtime/src/goroutine.h"
#include "runtime/src/sanitizer.h"
#include "runtime/src/scheduler_core.h"

namespace snag::events {
namespace {

using ::snag::detail::frame_of;
using ::snag::detail::goroutine;
using ::snag::detail::suspended_frame;

// Of a thread that waits in park_proxy: the registers that its callees saved are a little below its frame.
constexpr std::ptrdiff_t callees_of_park = 1024;

// The frame that the call at `pc` returns to begins above the return address.
SNAG_UNSANITIZED const std::byte* users_part(suspended_frame start, memory_span stack,
                                             const void* pc) noexcept {
  const auto* low = stack.low;
  const auto* frame = static_cast<const std::byte*>(start.frame_pointer);
  if (start.pc == pc) return stack.low;
  while (frame >= low && frame + 2 * sizeof(void*) <= stack.high &&
         reinterpret_cast<std::uintptr_t>(frame) % alignof(void*) == 0) {
    const auto* const words = reinterpret_cast<const void* const*>(frame);
    if (words[1] == pc) return frame + 2 * sizeof(void*);
    low = frame + 1;
    frame = static_cast<const std::byte*>(words[0]);
  }
  return stack.low;
}

}  // namespace

actor_memory memory_of(const actor& who, site parked_at) noexcept {
  if (who.kind == actor_kind::timer) return {};
  const auto& g = static_cast<const goroutine&>(who);
  actor_memory out;
  out.base = g.stack ? g.stack.bounds().high : nullptr;
  if (who.id == goroutine_id::main && ::snag::detail::first_frame_of_main != nullptr)
    out.base = ::snag::detail::first_frame_of_main;
  const auto* const lowest = g.stack ? g.stack.bounds().low : nullptr;
  const auto inside = [&](const std::byte* p) { return p >= lowest && p < out.base; };
  suspended_frame start{};
  if (g.home == nullptr) {  // a thread, or a goroutine that is locked to one
    const auto* const frame = static_cast<const std::byte*>(g.parked_frame);
    if (g.reason.load(std::memory_order_relaxed) != wait_reason::none && inside(frame)) {
      out.stack = {frame - lowest > callees_of_park ? frame - callees_of_park : lowest, out.base};
      start.frame_pointer = frame;
    }
  } else if (g.started && g.context != nullptr && g.context != &g) {
    const auto* const context = static_cast<const std::byte*>(g.context);
    if (inside(context)) {
      out.stack = {context, out.base};
      start = frame_of(g.context);
    }
  }
  out.users_part = out.stack.low;
  if (!out.stack.empty() && parked_at.pc != nullptr)
    out.users_part = users_part(start, out.stack, parked_at.pc);
  if (g.run != nullptr && !g.starts_main) {
    const auto* const storage = reinterpret_cast<const std::byte*>(&g.closure_storage);
    out.closure = {storage, storage + sizeof g.closure_storage};
  }
  return out;
}

}  // namespace snag::events
