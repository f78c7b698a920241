// SPDX-License-Identifier: Apache-2.0
// Locks: who holds them, when they are made and end, and what must not be done with them.
#include <utility>

#include "detector/src/granule_visit.h"
#include "detector/src/liveness/abandoned.h"
#include "detector/src/liveness/blocked.h"
#include "detector/src/lock_order/lock_order.h"
#include "detector/src/lock_sets.h"
#include "detector/src/memory_events.h"
#include "detector/src/misuses.h"
#include "detector/src/observed.h"
#include "detector/src/sync_table.h"

namespace snag::detector {
namespace {

// pre: no lock of ours is held.
void tell_misuse(thread_state& t, misuse_kind kind, const object& lock, const actor* self,
                 const misuser& other, const void* stack_pointer) {
  actor_state* const a = self ? static_cast<actor_state*>(self->slot.state) : t.actor;
  const incarnation* const who = a && !self ? a->who() : nullptr;
  report(misuse_of(kind, lock,
                   {self  ? self->id
                    : who ? who->id
                          : events::goroutine_id::none,
                    a ? place_of_actor(t, *a, stack_pointer) : place{}},
                   other));
}

// Of the C library's locks we see only that they are unlocked, not as what.
bool is_posix(events::object_kind k) {
  return k == events::object_kind::pthread_mutex || k == events::object_kind::pthread_rwlock;
}

// Whether the list of held locks tells who holds a lock for reading.
bool may_hold(lock_set_id held, std::uint64_t lock, events::lock_mode mode) {
  for (; held != lock_set_id::none; held = held_locks.rest(held))
    if (held_locks.latest(held).address == lock && held_locks.latest(held).mode == mode) return true;
  return held_locks.unmentioned() != 0;
}

}  // namespace

void access_lock(thread_state& t, actor_state& self, const object& lock, access_kind kind,
                 const void* stack_pointer) noexcept {
  const auto address = reinterpret_cast<std::uint64_t>(lock.is_proxy ? events::address_of(lock) : &lock.slot);
  if (!self.who() || t.actor != &self || is_made_once(address) || surely_on_record(t, kind, address, 1))
    return;
  const access a{self, kind, 1, place_of_actor(t, self, stack_pointer)};
  if (kind == access_kind::read) {
    if (!renewed_without_lock<1>(t, a, address, own_read_at(t, address)))
      visit_object<access_kind::read>(t, a, address, 1);
  } else {
    visit_object<access_kind::write>(t, a, address, 1);
  }
  if (!t.hits.empty()) [[unlikely]]
    tell_races(t, a);
}

void core_observer::on_lock_owned(actor& self, object& lock, events::lock_mode mode, bool tried,
                                  events::site) {
  event e;
  actor_state& a = state_of(self);
  if (!a.who()) return;
  blocked::drop(std::exchange(a.waits, nullptr));  // whatever it waited for
  a.unlocks_for = nullptr;
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

// Go lets others unlock for reading, and so does our shared_mutex; POSIX does not ([pthread_rwlock_unlock]:
// undefined "if the lock is not held by the calling thread"), nor does C++20
// ([thread.sharedmutex.requirements]).
void core_observer::on_lock_disowned(actor& self, object& lock, events::lock_mode mode, events::site) {
  event e;
  actor_state& a = state_of(self);
  const auto address = reinterpret_cast<std::uint64_t>(events::address_of(lock));
  const object* const condition = std::exchange(a.unlocks_for, nullptr);
  const bool others =
      mode == events::lock_mode::shared && is_posix(lock.kind) && !may_hold(a.locks, address, mode);
  a.locks = held_locks.without(a.locks, address, mode);
  forget_abandoned(address);
  note_lock_given(a, lock);
  if (!is_lock(lock.kind)) return;
  object_state& s = state_of(lock);
  misuser holder;
  bool wrong = false;
  misuse_kind kind = misuse_kind::unlocked_twice;
  {
    spin_guard guard(s.lock);
    const bool is_written = s.owner != events::goroutine_id::none;
    if (is_written) holder = {s.owner, s.taken};
    if (mode == events::lock_mode::shared && s.readers != 0) {
      --s.readers;
      wrong = others;
      holder = {};
      kind = misuse_kind::unlocked_by_another;
    } else {
      wrong = s.owner != self.id || mode == events::lock_mode::shared;
      kind = s.owner == self.id || (!is_written && s.readers != 0) ? misuse_kind::unlocked_in_other_mode
             : is_written                                          ? misuse_kind::unlocked_by_another
                                                                   : misuse_kind::unlocked_twice;
      // (Ours end the program instead, and are still held.)
      if (!wrong || is_posix(lock.kind)) s.owner = events::goroutine_id::none;
    }
  }
  if (!wrong) [[likely]]
    return;
  if (condition != nullptr)
    return tell_misuse(e.t, misuse_kind::waited_without_lock, *condition, &self, holder,
                       __builtin_frame_address(0));
  tell_misuse(e.t, kind, lock, &self, holder, __builtin_frame_address(0));
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
    misuser holder;
    {
      spin_guard guard(s.lock);
      holder = {s.owner, s.taken};
    }
    if (e.t.actor) access_lock(e.t, *e.t.actor, o, access_kind::write, __builtin_frame_address(0));
    // (Not a static one: whoever held it when the program ended is no more.)
    if (holder.who != events::goroutine_id::none &&
        !is_global(reinterpret_cast<std::uint64_t>(events::address_of(o))))
      tell_misuse(e.t, misuse_kind::destroyed_locked, o, nullptr, holder, __builtin_frame_address(0));
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
