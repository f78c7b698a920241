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
