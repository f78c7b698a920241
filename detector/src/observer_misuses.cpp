// SPDX-License-Identifier: Apache-2.0
// What must not be done with channels, wait groups and condition variables.
#include <cstring>

#include "detector/src/liveness/blocked.h"
#include "detector/src/misuses.h"
#include "detector/src/object_use.h"
#include "detector/src/observed.h"

namespace snag::detector {
namespace {

raw_access side(const misuser& m) {
  raw_access a{};
  a.actor = m.who;
  a.site = sites[m.where.site];
  a.context = m.where.context;
  return a;
}

// Who waits for it, where.
misuser waiter_of(actor* waiter) {
  if (waiter == nullptr) return {};
  const auto* const state = static_cast<const actor_state*>(waiter->slot.state);
  const bool parked = state != nullptr && state->waits != nullptr;
  return {waiter->id, parked ? state->waits->where : place{}};
}

// Of a channel: who closed it. False: nothing orders the two, and so it has been told (object_use.h).
bool find_close(actor_state& self, object_state& channel, misuser& closer) {
  spin_guard guard(channel.lock);
  closer = {channel.owner, channel.taken};
  const epoch close = channel.closed.all().tag();
  return !close || self.follows(close);
}

misuser first_add_of(object_state& group) {
  spin_guard guard(group.lock);
  return {group.owner, group.taken};
}

}  // namespace

raw_misuse misuse_of(misuse_kind kind, const object& o, const misuser& now, const misuser& other) noexcept {
  return {kind, o.kind, reinterpret_cast<std::uint64_t>(events::address_of(o)), side(now), side(other)};
}

void core_observer::on_touched(actor& self, object& o, bool writes, events::site) {
  event e;
  actor_state& a = state_of(self);
  if (o.kind != events::object_kind::wait_group)
    return use_object(e.t, a, o, writes ? access_kind::write : access_kind::read, __builtin_frame_address(0));
  object_state& s = state_of(o);
  bool knows_a_round = false;
  {
    spin_guard guard(s.lock);
    knows_a_round = s.begun && a.follows(s.begun);
  }
  use_object(e.t, a, o, access_kind::atomic_write, __builtin_frame_address(0),
             knows_a_round ? wait_of_later_round : wait_of_first_round);
}

// An add is compared with waits (object_use.h); what counts down, with the add that began the round: had that
// come late, with all that follows it, would the rest have taken the count below zero? Then a program has
// counted somebody in when he could be done already. Adds that the first one does not order count for the
// rest: who is counted in by another may be done before it. Where it did come late, the add finds a negative
// count (the panic was caught).
void core_observer::on_counted(actor& self, object& group, std::int32_t delta, std::int32_t count,
                               events::site) {
  event e;
  actor_state& a = state_of(self);
  if (!a.who()) return;
  object_state& s = state_of(group);
  const bool begins = delta > 0 && count == delta, comes_late = delta > 0 && count < delta;
  const bool is_early = delta < 0 && count < 0;
  const void* const here = __builtin_frame_address(0);
  const place where = begins || comes_late || is_early ? place_of_actor(e.t, a, here) : place{};
  misuser late, early;
  {
    spin_guard guard(s.lock);
    if (begins) {
      s.owner = self.id;
      s.taken = where;
      s.round = a.now();
      s.without_first = 0;
      if (!s.begun) s.begun = s.round;
    } else if (is_early) {
      s.early = {self.id, a.now(), where};
    } else if (comes_late) {
      if (s.early.at && !a.follows(s.early.at)) early = {s.early.who, s.early.where};
      s.early = {};
    } else if (s.round && !a.follows(s.round)) {
      s.without_first += delta;
      if (s.without_first < 0) {
        late = {s.owner, s.taken};
        s.round = {};
      }
    }
  }
  if (begins) use_object(e.t, a, group, access_kind::read, here, whole_word);
  if (late.who != events::goroutine_id::none) [[unlikely]]
    report(misuse_of(misuse_kind::done_beside_add, group, {self.id, place_of_actor(e.t, a, here)}, late));
  if (early.who != events::goroutine_id::none) [[unlikely]]
    report(misuse_of(misuse_kind::add_after_done, group, {self.id, where}, early));
}

void core_observer::on_misused(actor& self, object& o, events::misuse what, actor* waiter, const char* words,
                               events::site) {
  event e;
  actor_state& a = state_of(self);
  misuse_kind kind{};
  misuser other;
  switch (what) {
    case events::misuse::send_on_closed:
    case events::misuse::close_of_closed:
      if (!find_close(a, state_of(o), other)) return;
      kind = what == events::misuse::send_on_closed ? misuse_kind::sent_on_closed : misuse_kind::closed_twice;
      break;
    case events::misuse::negative_count:
      kind = misuse_kind::counted_below_zero;
      other = first_add_of(state_of(o));
      break;
    case events::misuse::wait_with_other_lock:
      kind = misuse_kind::waited_with_other_lock;
      other = waiter_of(waiter);
      break;
    case events::misuse::destroyed_waited_for:
      // (Not a static one: the program ends, and who waits with it.)
      if (is_global(reinterpret_cast<std::uint64_t>(events::address_of(o)))) return;
      kind = misuse_kind::destroyed_waited_for;
      other = waiter_of(waiter);
      break;
  }
  const raw_misuse m =
      misuse_of(kind, o, {self.id, place_of_actor(e.t, a, __builtin_frame_address(0))}, other);
  if (words == nullptr) return report(m);
  if (a.panics_for == nullptr) a.panics_for = internal_new<pending_misuse>();
  *a.panics_for = {m, words};
}

void core_observer::on_panicked(actor& self, const char* words) {
  event e;
  const pending_misuse* const pending = state_of(self).panics_for;
  if (pending != nullptr && std::strcmp(pending->words, words) == 0) report(pending->what);
}

void core_observer::on_waits_unlocking(actor& self, object& condition, events::site) {
  event e;
  state_of(self).unlocks_for = &condition;
}

}  // namespace snag::detector
