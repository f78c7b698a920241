// SPDX-License-Identifier: Apache-2.0
#pragma once
// Deadlocks that a run came past: what the handlers of events tell the graph of lock orders, and how it tells
// the reporter. docs/lock_order.md has the rules. Thread-safe; called inside the core, no lock of ours held.
#include <algorithm>

#include "detector/src/actor_state.h"
#include "detector/src/lock_order/lock_steps.h"
#include "detector/src/lock_sets.h"
#include "detector/src/object_state.h"
#include "runtime/events.h"

namespace snag::detector {

// `self` has taken the lock, which stands first in self.locks; before that it held `before`.
void note_lock_taken(actor_state& self, const events::object& lock, lock_set_id before, bool tried) noexcept;
void note_lock_given(actor_state& self, const events::object& lock) noexcept;
void note_creation(actor_state& parent, actor_state& child) noexcept;

// --- Who waits for something else while it holds a lock, and learns, when that comes, of somebody who had
// taken the lock first. For channels only the one who sends to it waits for the only one who receives, or the
// other way round: what is found is told at the end, if that is still so.
void note_wait_begins(actor_state& self, const events::object& channel, events::wait_operation,
                      place where) noexcept;
// `channel`'s state is locked; `learned`: before self acquires it.
void note_wait_ended(actor_state& self, const events::object& channel, object_state& s,
                     const vector_clock& learned) noexcept SNAG_DETECTOR_REQUIRES(s.lock);
void note_end_used(object_state& s, events::direction, events::goroutine_id) noexcept
    SNAG_DETECTOR_REQUIRES(s.lock);
void note_group_waited_for(actor_state& self, const events::object& group, const vector_clock& learned,
                           place where) noexcept;
// Before `waiter` learns what `ended` knew.
void note_join(actor_state& waiter, const actor_state& ended, events::goroutine_id, place where) noexcept;

// There is no lock at the address any more, or another one.
void forget_lock_orders(std::uint64_t address) noexcept;
void finish_lock_orders() noexcept;
// In a sweep, with the world stopped: calls slots.mark for whoever the graph names.
void mark_lock_orders() noexcept;

// An access of `self`, under a lock, met what was written at `e`.
inline void note_flow(actor_state& self, epoch e) noexcept {
  if (self.order_but_locks().covers(e)) return;
  if (self.steps == nullptr) self.steps = internal_new<lock_steps>();
  self.steps->note_flow(e, held_locks.latest(self.locks).address);
}

// Up to which of a slot's writes note_flow has nothing to add, whatever the lock.
inline clock_time flows_known(const actor_state& self, slot_id other) noexcept {
  const clock_time ordered = self.order_but_locks().get(other);
  return self.steps == nullptr ? ordered : std::max(ordered, self.steps->flows().get(other));
}

// For whoever says what a run took.
struct lock_order_gaps {
  std::uint64_t untold =
      0;  // acquisitions that came when the graph was full, or by actors with too many gates
};
lock_order_gaps gaps_in_lock_orders() noexcept;

}  // namespace snag::detector
