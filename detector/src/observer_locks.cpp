// SPDX-License-Identifier: Apache-2.0
// Locks: who holds them, when they are made and end, and what must not be done with them.
#include <utility>

#include "detector/src/liveness/abandoned.h"
#include "detector/src/liveness/blocked.h"
#include "detector/src/lock_order/lock_order.h"
#include "detector/src/lock_sets.h"
#include "detector/src/memory_events.h"
#include "detector/src/observed.h"
#include "detector/src/sync_table.h"

namespace snag::detector {
namespace {

raw_access description(events::goroutine_id who, place where) {
  raw_access a{};
  a.actor = who;
  a.site = sites[where.site];
  a.context = where.context;
  return a;
}

// pre: no lock of ours is held.
void tell_misuse(thread_state& t, misuse_kind kind, const object& lock, events::lock_mode mode,
                 const actor* self, events::goroutine_id owner, place taken, const void* stack_pointer) {
  const place where = self ? place_of_actor(t, *static_cast<actor_state*>(self->slot.state), stack_pointer)
                      : t.actor ? place_of_actor(t, *t.actor, stack_pointer)
                                : place{};
  raw_misuse m{kind,
               lock.kind,
               mode,
               reinterpret_cast<std::uint64_t>(events::address_of(lock)),
               description(self ? self->id : events::goroutine_id::none, where),
               description(owner, taken)};
  if (!self) m.now.actor = t.actor && t.actor->who() ? t.actor->who()->id : events::goroutine_id::none;
  report(m);
}

}  // namespace

void core_observer::on_lock_owned(actor& self, object& lock, events::lock_mode mode, bool tried,
                                  events::site) {
  event e;
  actor_state& a = state_of(self);
  if (!a.who()) return;
  blocked::drop(std::exchange(a.waits, nullptr));  // whatever it waited for
  const place where = place_of_actor(e.t, a, __builtin_frame_address(0));
  const lock_set_id before = a.locks;
  a.locks = held_locks.with(
      a.locks, {reinterpret_cast<std::uint64_t>(events::address_of(lock)), where, lock.kind, mode});
  if (!is_lock(lock.kind)) return;
  {
    object_state& s = state_of(lock);
    spin_guard guard(s.lock);
    if (mode == events::lock_mode::shared) {
      ++s.readers;
    } else {
      s.owner = self.id;
      s.taken = where;
    }
    if (!tried) {
      if (s.takers[0].who != self.id) s.takers[1] = s.takers[0];
      s.takers[0] = {self.id, a.now(), a.locks};
    }
  }
  note_lock_taken(a, lock, before, tried);
}

void core_observer::on_lock_disowned(actor& self, object& lock, events::lock_mode mode, events::site) {
  event e;
  actor_state& a = state_of(self);
  const auto address = reinterpret_cast<std::uint64_t>(events::address_of(lock));
  a.locks = held_locks.without(a.locks, address, mode);
  forget_abandoned(address);
  note_lock_given(a, lock);
  if (!is_lock(lock.kind)) return;
  object_state& s = state_of(lock);
  auto owner = events::goroutine_id::none;
  place taken;
  bool wrong = false;
  {
    spin_guard guard(s.lock);
    if (mode == events::lock_mode::shared && s.readers != 0) {
      --s.readers;
    } else {
      owner = s.owner;
      taken = s.taken;
      wrong = owner != self.id;
      s.owner = events::goroutine_id::none;
    }
  }
  if (wrong) [[unlikely]]
    tell_misuse(
        e.t,
        owner != events::goroutine_id::none ? misuse_kind::unlocked_by_another : misuse_kind::unlocked_twice,
        lock, mode, &self, owner, taken, __builtin_frame_address(0));
}

// Asked at each plain operation on a channel: nothing is done for who holds no lock, not even entering the
// core.
void core_observer::on_waits_for_others(actor& self, object& channel, events::wait_operation operation,
                                        events::site) {
  const auto* const known = static_cast<const actor_state*>(self.slot.state);
  if (known == nullptr || (known->fiber != nullptr ? known->fiber : known)->locks == lock_set_id::none)
    return;
  event e;
  actor_state& a = state_of(self);
  if (a.who()) note_wait_begins(a, channel, operation, place_of_actor(e.t, a, __builtin_frame_address(0)));
}

void core_observer::on_object_created(object& o, actor*, std::size_t, events::site) {
  if (!o.is_proxy && !is_lock(o.kind)) return;
  event e;
  if (o.is_proxy) return note_proxy(o);
  if (e.t.actor) access_lock(e.t, *e.t.actor, o, access_kind::write, __builtin_frame_address(0));
}

// It may have no state, and still a known word.
void core_observer::on_object_destroyed(object& o) {
  event e;
  if (is_lock(o.kind) && o.slot.state && !(o.is_proxy && static_cast<events::proxy_object&>(o).replaced)) {
    object_state& s = state_of(o);
    events::goroutine_id owner;
    place taken;
    {
      spin_guard guard(s.lock);
      owner = s.owner;
      taken = s.taken;
    }
    if (e.t.actor) access_lock(e.t, *e.t.actor, o, access_kind::write, __builtin_frame_address(0));
    // (Not a static one: whoever held it when the program ended is no more.)
    if (owner != events::goroutine_id::none &&
        !is_global(reinterpret_cast<std::uint64_t>(events::address_of(o))))
      tell_misuse(e.t, misuse_kind::destroyed_locked, o, events::lock_mode::exclusive, nullptr, owner, taken,
                  __builtin_frame_address(0));
  }
  if (is_lock(o.kind)) forget_abandoned(reinterpret_cast<std::uint64_t>(events::address_of(o)));
  if (o.is_proxy) drop_proxy(o);
  if (is_lock(o.kind)) forget_lock_orders(reinterpret_cast<std::uint64_t>(events::address_of(o)));
  drop_state(o);
  if (is_lock(o.kind)) return;  // its end stands
  const auto word = reinterpret_cast<std::uint64_t>(&o.slot);
  forget_memory(word, word + sizeof o.slot);
}

}  // namespace snag::detector
