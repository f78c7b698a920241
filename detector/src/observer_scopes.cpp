// SPDX-License-Identifier: Apache-2.0
// Scopes: opened and closed by the runtime, kept in liveness/scopes.h.
#include "detector/src/liveness/scope_end.h"
#include "detector/src/observed.h"

namespace snag::detector {

void core_observer::on_scope_opened(actor& self, events::scope& scope, events::site) {
  event e;
  actor_state& a = state_of(self);
  open_scope(a, scope, place_of_actor(e.t, a, __builtin_frame_address(0)));
}

events::scope_rest core_observer::on_scope_asked(actor&, events::scope& scope) {
  return rest_of(*static_cast<scope_record*>(scope.slot.state));
}

void core_observer::on_scope_closed(actor& self, events::scope& scope,
                                    void (*tell)(void*, const events::scope_finding&), void* to) {
  close_scope(state_of(self), scope, tell, to);
}

}  // namespace snag::detector
