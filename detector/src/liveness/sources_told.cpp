// SPDX-License-Identifier: Apache-2.0
// With the race detector: everything was told (observer*.cpp).
#include "detector/src/liveness/blocked.h"
#include "detector/src/liveness/handles.h"
#include "detector/src/liveness/sources.h"
#include "detector/src/thread_state.h"

namespace snag::detector {

party* party_on(const thread_state& t) noexcept { return t.actor; }

void visit_held(const party& p, void (*visit)(void*, const held_lock&), void* argument) noexcept {
  for (lock_set_id s = static_cast<const actor_state&>(p).locks; s != lock_set_id::none;
       s = held_locks.rest(s))
    visit(argument, held_locks.latest(s));
}
place where_taken(const party&, const held_lock& l) noexcept { return l.where; }
bool holds_any(const party& p) noexcept {
  return static_cast<const actor_state&>(p).locks != lock_set_id::none;
}

bool visit_handles_of(bool (*wanted)(void*, const events::object&), handle_visitor* visit,
                      void* argument) noexcept {
  handles.for_each([&](const void* at, const events::object& of, events::direction way) {
    if (wanted(argument, of)) visit(argument, at, of, way);
  });
  return true;
}

place where_created(const party& p) noexcept {
  const incarnation* const who = static_cast<const actor_state&>(p).who();
  return who == nullptr ? place{} : place{who->created_site, who->created_context};
}
place where_waits(const party& p) noexcept { return p.waits->where; }
void name_place_of(place) noexcept {}
place where_made(const events::object&) noexcept { return {}; }
void find_places(capture&, const vector<bool>&) noexcept {}
void name_places(const raw_deadlock&) noexcept {}

}  // namespace snag::detector
