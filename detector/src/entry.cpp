// SPDX-License-Identifier: Apache-2.0
#include "detector/src/entry.h"

#include "detector/src/internal_memory.h"

namespace snag::detector {

void invent_actor(thread_state& t) noexcept {
  // The process's first thread acts as main from the start: static initialisers run before the runtime does.
  auto* const a =
      t.first ? internal_new<actor_state>(events::goroutine_id::main, events::actor_kind::goroutine, nullptr)
              : internal_new<actor_state>(events::goroutine_id::none, events::actor_kind::thread, nullptr);
  a->saved_top = t.hot.top;  // it is in the middle of calls
  mount(t, *a);
}

place placed_anew(thread_state& t, const hooks::site* s, const void* stack_pointer) noexcept {
  const stack_window w = live_stack(*t.actor, stack_pointer);
  hooks::frame* const top = top_frame(t, w);
  const bool leaf = s == nullptr || (s->flags & hooks::site_leaf) != 0;
  const place where =
      leaf ? new_place(t.calls, s, top, w) : place{sites.id_of(s), context_of(t.calls, top, w)};
  if (top == nullptr) return where;
  t.trusted.frame = top;
  t.trusted.context = context_id{top->context};
  t.trusted.call = &t.trusted.no_call;
  if (leaf && s != nullptr && top->call != nullptr) {
    t.trusted.call = top->call;
    t.trusted.callee = where.context;
  }
  return where;
}

bool entry_scope::find_actor(thread_state& t) noexcept {
  if (t.anonymous) {
    invent_actor(t);
    return true;
  }
  ++t.skipped_nobody;
  world.leave(t);
  return false;
}

}  // namespace snag::detector
