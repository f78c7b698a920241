// SPDX-License-Identifier: Apache-2.0
#pragma once
// From the frames on a native stack (hooks::frame) to a context. Walks only as far as frames are not interned
// yet. Nothing on the stack is trusted beyond what is checked here: a frame must lie on the stack, above the
// current function, each caller above its callee, and what it says must be a known call; what does not is
// treated as absent, since code that the plugin did not see may have left a stale list behind: after an
// exception has unwound frames, its own cleanup runs over them before anybody links the list anew.
#include <cstdint>

#include "detector/hooks.h"
#include "detector/src/race.h"
#include "detector/src/site_registry.h"

namespace snag::detector {

struct stack_window {
  std::uintptr_t low = 0, high = 0;  // live part of the stack: frames lie in it
};

// The innermost frame that can be trusted; null if there is none.
hooks::frame* valid_top(hooks::frame* top, stack_window) noexcept;

// The calls that led to the function that owns `f`; null: the root.
context_id context_of(hooks::frame* f, stack_window) noexcept;

// Where an access at `s` (null: in code without sites) takes place, given the innermost valid frame.
struct place {
  site_id site = site_id::none;
  context_id context = context_id::root;
  bool operator==(const place&) const = default;
};
place place_of(const hooks::site* s, hooks::frame* top, stack_window) noexcept;

}  // namespace snag::detector
