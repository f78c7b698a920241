// SPDX-License-Identifier: Apache-2.0
// Who waits for what, and where handles lie: what the search for deadlocks is made of.
#include <utility>

#include "detector/src/liveness/abandoned.h"
#include "detector/src/liveness/blocked.h"
#include "detector/src/liveness/check.h"
#include "detector/src/liveness/handles.h"
#include "detector/src/liveness/last_handle.h"
#include "detector/src/lock_sets.h"
#include "detector/src/observed.h"

namespace snag::detector {

namespace {

bool waits_for_lock(std::span<const events::wait_target> on) {
  return on.size() == 1 && on[0].on != nullptr && is_owned(on[0].on->kind);
}
bool waits_for_itself(const actor_state& self, std::span<const events::wait_target> on) {
  const auto address = reinterpret_cast<std::uint64_t>(events::address_of(*on[0].on));
  for (lock_set_id s = self.locks; s != lock_set_id::none; s = held_locks.rest(s))
    if (held_locks.latest(s).address == address) return true;
  return false;
}
bool waits_for_the_ended(std::span<const events::wait_target> on) {
  abandoned_lock ignored;
  return find_abandoned(reinterpret_cast<std::uint64_t>(events::address_of(*on[0].on)), ignored);
}
void stop_waiting(actor_state& a) {
  if (a.waits == nullptr) return;
  count_waits(a.waits->targets(), -1);
  blocked::drop(std::exchange(a.waits, nullptr));
}

}  // namespace

void core_observer::on_blocked(actor& self, events::wait_reason reason, events::wait_mode mode,
                               std::span<const events::wait_target> on, events::site where) {
  bool may_close_cycle = false, is_certain = false, stranded = false;
  {
    event e;
    actor_state& a = state_of(self);
    a.unlocks_for = nullptr;
    stop_waiting(a);
    a.waits = blocked::make(reason, mode, on, place_of_actor(e.t, a, __builtin_frame_address(0)), where);
    if (waits_for_lock(on)) {
      may_close_cycle = a.locks != lock_set_id::none;  // only who holds one can
      is_certain = (may_close_cycle && waits_for_itself(a, on)) || waits_for_the_ended(on);
    }
    stranded = count_waits(a.waits->targets(), 1) && on.size() == 1;
  }
  if (is_certain) [[unlikely]]
    look_for_deadlocks(occasion::hopeless);
  else if (may_close_cycle) [[unlikely]]
    look_for_deadlocks(occasion::blocked);
  else if (stranded && seems_stranded(*on[0].on, true)) [[unlikely]]
    look_for_the_stranded();
}

void core_observer::on_unblocked(actor& self, actor*) {
  event e;
  actor_state& a = state_of(self);
  a.unlocks_for = nullptr;
  stop_waiting(a);
}

void core_observer::on_handle_gained(object& o, direction way, const void* at) {
  event e;
  handles.gained(at, o, way);
  object_state& s = state_of(o);
  spin_guard guard(s.lock);
  e.t.gained = {&o, e.t.actor, s.ends().gained(way)};
}

void core_observer::on_handle_lost(object& o, direction way, const void* at) {
  bool none_left = false, few_left = false;
  {
    event e;
    handles.lost(at, o);
    const thread_state::handle_gain gained = std::exchange(e.t.gained, {});
    object_state& s = state_of(o);
    bool undone = false;
    {
      spin_guard guard(s.lock);
      undone = gained.of == &o && gained.by == e.t.actor && s.ends().is_latest(gained.number);
      s.ends().lost(way);
    }
    if (undone) return;
    handle_loss loss;
    if (actor_state* const a = e.t.actor; a != nullptr && a->who() != nullptr)
      loss = {a->who()->id,
              place_of_actor(e.t, *a, __builtin_frame_address(0)),
              {a->who()->created_site, a->who()->created_context}};
    spin_guard guard(s.lock);
    s.ends().note(way, loss);
    none_left = s.ends().is_stranded();
    few_left = s.ends().may_be_stranded();
  }
  if (few_left && seems_stranded(o, none_left)) [[unlikely]]
    look_for_the_stranded();
}

void core_observer::on_search_wanted(const std::byte* stack_pointer, events::site interrupted) {
  look_for_deadlocks_from(stack_pointer, interrupted.pc);
}

void core_observer::on_lull(events::lull why) { look_for_deadlocks_in_lull(why); }

}  // namespace snag::detector
