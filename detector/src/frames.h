// SPDX-License-Identifier: Apache-2.0
#pragma once
// From the frames on a native stack (hooks::frame) to a context. Walks only as far as frames are not interned
// yet. Nothing on the stack is trusted beyond what is checked here: a frame must lie on the stack, above the
// current function, each caller above its callee, and what it says must be a known call; what does not is
// treated as absent, since code that the plugin did not see may have left a stale list behind: after an
// exception has unwound frames, its own cleanup runs over them before anybody links the list anew.
#include <cstdint>

#include "detector/hooks.h"
#include "detector/src/context_tree.h"
#include "detector/src/known_calls.h"
#include "detector/src/race.h"
#include "detector/src/site_registry.h"

namespace snag::detector {

struct stack_window {
  std::uintptr_t low = 0, high = 0;  // live part of the stack: frames lie in it
};

inline bool is_plausible(known_calls& calls, const hooks::frame* f, stack_window w) noexcept {
  const auto a = reinterpret_cast<std::uintptr_t>(f);
  return a >= w.low && a <= w.high - sizeof(hooks::frame) && a % alignof(hooks::frame) == 0 &&
         (f->call == nullptr || calls.know(f->call)) && contexts.knows(f->context);
}

// The innermost frame that can be trusted; null if there is none.
inline hooks::frame* valid_top(known_calls& calls, hooks::frame* top, stack_window w) noexcept {
  return top && is_plausible(calls, top, w) ? top : nullptr;
}

inline hooks::frame* caller_of(known_calls& calls, const hooks::frame* f, stack_window w) noexcept {
  hooks::frame* const c = f->caller;
  return c > f && is_plausible(calls, c, w) ? c : nullptr;
}

// The same as context_of, when more than two are new.
context_id intern_chain(known_calls&, hooks::frame* f, stack_window) noexcept;
// The calls that led to the function that owns `f`; null: the root.
inline context_id context_of(known_calls& calls, hooks::frame* f, stack_window w) noexcept {
  if (f == nullptr || f->context != 0) return f ? context_id{f->context} : context_id::root;
  hooks::frame* const caller = caller_of(calls, f, w);
  if (caller == nullptr) return context_id::root;  // f is the root's own frame
  const auto learn = [&](hooks::frame* callee, const hooks::frame* from) {
    callee->context = static_cast<std::uint32_t>(calls.context_of(from->call, context_id{from->context}));
  };
  const auto has_one = [](const hooks::frame* at) { return at->context != 0 || at->caller == nullptr; };
  if (!has_one(caller)) {
    const hooks::frame* const next = caller_of(calls, caller, w);
    if (next == nullptr || !has_one(next)) return intern_chain(calls, f, w);
    learn(caller, next);
  }
  learn(f, caller);
  return context_id{f->context};
}

// Where an access at `s` (null: in code without sites) takes place, given the innermost valid frame.
struct place {
  site_id site = site_id::none;
  context_id context = context_id::root;
  bool operator==(const place&) const = default;
};
place new_place(known_calls&, const hooks::site* s, hooks::frame* top, stack_window) noexcept;
inline place place_of(known_calls& calls, const hooks::site* s, hooks::frame* top, stack_window w) noexcept {
  const bool known = top && (top->context != 0 || top->caller == nullptr);  // (no caller: the root's frame)
  if (!known || (s && (s->flags & hooks::site_leaf) != 0)) return new_place(calls, s, top, w);
  return {sites.id_of(s ? s : top->call), context_id{top->context}};
}

}  // namespace snag::detector
