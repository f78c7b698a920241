// SPDX-License-Identifier: Apache-2.0
// What the runtime's operations order.
#include "detector/src/liveness/scopes.h"
#include "detector/src/lock_order/lock_order.h"
#include "detector/src/object_use.h"
#include "detector/src/observed.h"
#include "detector/src/signal_channels.h"

namespace snag::detector {
void core_observer::on_acquired(actor& self, object& o, std::size_t part, events::site) {
  event e;
  actor_state& a = state_of(self);
  if (is_lock(o.kind))
    access_lock(e.t, a, o, access_kind::read, place_of_actor(e.t, a, __builtin_frame_address(0)));
  if (a.ignoring.synchronisation != 0) return;
  object_state& s = state_of(o);
  spin_guard guard(s.lock);
  const known_order& learned = s.learn(part);
  if (o.kind == events::object_kind::wait_group && a.locks != lock_set_id::none)
    note_group_waited_for(a, o, learned.but_locks(), place_of_actor(e.t, a, __builtin_frame_address(0)));
  a.acquire(learned);
}

void core_observer::on_released(actor& self, object& o, std::size_t part, events::site) {
  event e;
  actor_state& a = state_of(self);
  if (a.ignoring.synchronisation != 0) return;
  object_state& s = state_of(o);
  note_release(e.t, a, __builtin_frame_address(0));
  spin_guard guard(s.lock);
  if (is_lock(o.kind)) {
    a.release_lock_into(s.part(part));
  } else {
    a.release_into(s.part(part));
  }
}

void core_observer::on_released_merging(actor& self, object& o, std::size_t part, events::site) {
  event e;
  actor_state& a = state_of(self);
  if (a.ignoring.synchronisation != 0) return;
  object_state& s = state_of(o);
  note_release(e.t, a, __builtin_frame_address(0));
  spin_guard guard(s.lock);
  s.merge(part, is_lock(o.kind) ? a.release_lock() : a.release());
}

// The slot passes on what the actor knew before it learned what the slot held: the memory model orders the
// k-th receive before the (k+C)-th send *completes*, not before what that send passes on.
void core_observer::on_buffered(actor& self, object& channel, std::size_t slot, direction d, events::site) {
  event e;
  object_state& s = state_of(channel);
  actor_state& a = state_of(self);
  if (d == direction::send) use_object(e.t, a, channel, access_kind::read, __builtin_frame_address(0));
  note_release(e.t, a, __builtin_frame_address(0));
  spin_guard guard(s.lock);
  known_order& clock = s.slots[slot];
  a.release_into(e.t.passed_on);
  note_end_used(s, d, self.id);
  note_wait_ended(a, channel, s, clock.but_locks());
  a.acquire(clock);
  std::swap(clock, e.t.passed_on);
}

void core_observer::on_rendezvous(actor& self, actor& partner, object& channel, direction of_self,
                                  events::site) {
  event e;
  actor_state& a = state_of(self);
  actor_state& b = state_of(partner);
  use_object(e.t, of_self == direction::send ? a : b, channel, access_kind::read, __builtin_frame_address(0));
  note_release(e.t, a, __builtin_frame_address(0));
  note_release(e.t, b, __builtin_frame_address(0));
  const known_order from_a = a.release(), from_b = b.release();
  object_state& s = state_of(channel);
  spin_guard guard(s.lock);
  note_end_used(s, of_self, self.id);
  note_end_used(s, of_self == direction::send ? direction::receive : direction::send, partner.id);
  note_wait_ended(a, channel, s, from_b.but_locks());
  note_wait_ended(b, channel, s, from_a.but_locks());
  a.acquire(from_b);
  b.acquire(from_a);
}

void core_observer::on_closed(actor& self, object& channel, events::site) {
  event e;
  object_state& s = state_of(channel);
  actor_state& a = state_of(self);
  use_object(e.t, a, channel, access_kind::write, __builtin_frame_address(0));
  note_release(e.t, a, __builtin_frame_address(0));
  spin_guard guard(s.lock);
  a.release_into(s.closed);
  s.owner = self.id;
  s.taken = a.last_release;
  note_end_used(s, direction::send, self.id);
}

void core_observer::on_received_closed(actor& self, object& channel, events::site) {
  event e;
  object_state& s = state_of(channel);
  actor_state& a = state_of(self);
  spin_guard guard(s.lock);
  note_end_used(s, direction::receive, self.id);
  note_wait_ended(a, channel, s, s.closed.but_locks());
  a.acquire(s.closed);
}

void core_observer::on_timer_armed(actor& timer, actor& armer, events::site) {
  event e;
  actor_state& a = state_of(armer);
  note_release(e.t, a, __builtin_frame_address(0));
  actor_state& t = state_of(timer);
  t.last_release = a.last_release;
  start_others_in_scope_of(a, t);
  t.acquire(a.release());
}

// The armer is who runs here.
void core_observer::on_signal_timer_armed(std::uint32_t timer, actor&, events::site) {
  on_sent(of_timer(timer));
}

}  // namespace snag::detector
