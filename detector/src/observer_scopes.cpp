// SPDX-License-Identifier: Apache-2.0
// Scopes: opened and closed by the runtime, kept here.
#include <utility>

#include "detector/src/liveness/scope_end.h"
#include "detector/src/observed.h"

namespace snag::detector {

void core_observer::on_scope_opened(actor& self, events::scope& scope, events::site) {
  event e;
  actor_state& a = state_of(self);
  auto* const s = internal_new<scope_record>();
  if (scope.name != nullptr) s->name = scope.name;
  if (scope.file != nullptr) s->file = scope.file;
  s->line = scope.line;
  s->opened_at = place_of_actor(e.t, a, __builtin_frame_address(0));
  for (const char* pattern : scope.ignored) s->patterns.emplace_back(pattern);
  for (const string& pattern : s->patterns) s->ignored.push_back(pattern.c_str());
  s->outer = std::exchange(a.childrens_scope, keep(s));  // (the actor kept that one)
  scope.slot.state = s;
}

events::scope_rest core_observer::on_scope_asked(actor&, events::scope& scope) {
  return rest_of(*static_cast<scope_record*>(scope.slot.state));
}

void core_observer::on_scope_closed(actor& self, events::scope& scope,
                                    void (*tell)(void*, const events::scope_finding&), void* to) {
  auto* const s = static_cast<scope_record*>(std::exchange(scope.slot.state, nullptr));
  tell_left_over(*s);
  vector<told_finding> found;
  {
    event e;
    s->open.store(false, std::memory_order_relaxed);
    // Not the last one that was opened, or by somebody else: it is passed by (scopes.cpp).
    if (actor_state& a = state_of(self); a.childrens_scope == s)
      let_go(std::exchange(a.childrens_scope, keep(s->outer)));
    spin_guard guard(s->lock);
    found.swap(s->told);
  }
  for (const told_finding& f : found)
    tell(to, {f.kind.c_str(), f.shape.c_str(), f.fingerprint.c_str(), f.text.c_str()});
  let_go(s);
}

}  // namespace snag::detector
