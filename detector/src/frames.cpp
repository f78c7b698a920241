// SPDX-License-Identifier: Apache-2.0
#include "detector/src/frames.h"

namespace snag::detector {

context_id intern_chain(known_calls& calls, hooks::frame* f, stack_window w) noexcept {
  // Links lead outwards only, and contexts are made from the outside in: collect the outermost frames that
  // are not interned, a bufferful at a time. Once is enough unless the first access happens in deep
  // recursion.
  constexpr unsigned capacity = 128;
  while (f && f->context == 0) {
    hooks::frame* pending[capacity];
    unsigned n = 0;
    hooks::frame* at = f;
    hooks::frame* caller = caller_of(calls, at, w);
    for (; caller; at = caller, caller = caller_of(calls, at, w)) {
      pending[n++ % capacity] = at;
      if (caller->context != 0) {
        at = caller;
        break;
      }
    }
    if (n == 0) return context_id::root;  // f is the root's own frame
    // `at` is interned or the root; the last bufferful hangs below it.
    const unsigned oldest = n > capacity ? n - capacity : 0;
    for (unsigned i = n; i-- > oldest;) {
      hooks::frame* const callee = pending[i % capacity];
      const hooks::frame* const from = callee->caller;
      callee->context = static_cast<std::uint32_t>(calls.context_of(from->call, context_id{from->context}));
    }
  }
  return f ? context_id{f->context} : context_id::root;
}

place new_place(known_calls& calls, const hooks::site* s, hooks::frame* top, stack_window w) noexcept {
  place p;
  if (s && (s->flags & hooks::site_leaf) == 0) {
    p.site = sites.id_of(s);
    p.context = context_of(calls, top, w);
    return p;
  }
  // A function without a frame of its own: it was called by the top frame's call in progress.
  const context_id caller = context_of(calls, top, w);
  const site_id call = top ? sites.id_of(top->call) : site_id::none;
  if (!s) return {call, caller};
  p.site = sites.id_of(s);
  p.context = call == site_id::none ? caller : calls.context_of(top->call, caller);
  return p;
}

}  // namespace snag::detector
