// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the handlers of the runtime's events have in common: who acts, where, and on what. Include it in
// observer*.cpp only.
#include "detector/src/entry.h"
#include "detector/src/object_kinds.h"
#include "detector/src/object_state.h"
#include "detector/src/observer.h"
#include "detector/src/program_locks.h"

namespace snag::detector {

using events::actor;
using events::actor_kind;
using events::direction;
using events::object;
using events::stack_bounds;

inline actor_state& state_of(actor& a) noexcept {
  if (!a.slot.state) a.slot.state = internal_new<actor_state>(a.id, a.kind, a.name);
  auto& s = *static_cast<actor_state*>(a.slot.state);
  return s.fiber ? *s.fiber : s;
}

// An event arrives: inside the core, as the OS thread it arrives on. An event that interrupts the core (from
// a signal handler) could only be lost, so the runtime's operations are not for signal handlers.
struct event {
  thread_state& t = this_thread();
  const core_scope scope{t};
};

// Where an actor is: the call in progress in its innermost instrumented function.
inline place place_of_actor(thread_state& t, actor_state& a, const void* stack_pointer) noexcept {
  hooks::frame* top = a.saved_top;
  stack_window w = a.stack;
  if (t.actor == &a) {
    top = t.hot.top;
    w = live_stack(a, stack_pointer);
  } else if (a.mounted) {
    top = a.mounted->hot.top;  // a thread that waits in the runtime
  }
  if (w.high == 0) return {};
  return place_of(t.calls, nullptr, valid_top(t.calls, top, w), w);
}

inline void note_release(thread_state& t, actor_state& a, const void* stack_pointer) noexcept {
  if (a.who()) a.last_release = place_of_actor(t, a, stack_pointer);
}

// Locking reads a lock, its construction and its end write it: a lock that ends, or is put in another's
// place, while somebody may lock it is a race. (Before the lock orders anything.)
void access_lock(thread_state&, actor_state& self, const object& lock, access_kind kind, place) noexcept;

}  // namespace snag::detector
