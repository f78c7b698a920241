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
void tell_misuse(misuse_kind kind, const object& lock, events::goroutine_id who, place where,
                 const misuser& other) {
  report(misuse_of(kind, lock, {who, where}, other));
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

// Somebody has it now, and `held` with it.
void note_owner(object_state& s, const actor& self, epoch now, lock_set_id held, place where,
                events::lock_mode mode, bool tried) SNAG_DETECTOR_REQUIRES(s.lock) {
  if (mode == events::lock_mode::shared) {
    ++s.readers;
  } else {
    s.owner = self.id;
    s.taken = where;
  }
  if (tried) return;
  if (s.takers[0].who != self.id) s.takers[1] = s.takers[0];
  s.takers[0] = {self.id, now, held};
}

lock_set_id held_with(thread_state& t, const actor_state& a, const object& lock, place where,
                      events::lock_mode mode) {
  return t.lock_sets.with(
      a.locks, {reinterpret_cast<std::uint64_t>(events::address_of(lock)), where, lock.kind, mode});
}
// Waits for nothing any more, and holds `held`.
void own(actor_state& a, lock_set_id held) {
  blocked::drop(std::exchange(a.waits, nullptr));
  a.unlocks_for = nullptr;
  a.locks = held;
}

// Nobody has it, or one reader less. Whether that is a misuse, and whose lock it is then.
struct letting_go {
  bool wrong = false;
  misuse_kind kind = misuse_kind::unlocked_twice;
  misuser holder;
};
// `of_others`: not one of the readers lets go.
//
// Go lets others unlock for reading, and so does our shared_mutex; POSIX does not ([pthread_rwlock_unlock]:
// undefined "if the lock is not held by the calling thread"), nor does C++20
// ([thread.sharedmutex.requirements]).
letting_go note_given(object_state& s, const actor& self, events::object_kind lock, events::lock_mode mode,
                      bool of_others) SNAG_DETECTOR_REQUIRES(s.lock) {
  if (mode == events::lock_mode::shared && s.readers != 0) {
    --s.readers;
    return {of_others, misuse_kind::unlocked_by_another, {}};
  }
  const bool is_written = s.owner != events::goroutine_id::none;
  letting_go found;
  found.wrong = s.owner != self.id || mode == events::lock_mode::shared;
  if (!found.wrong) [[likely]] {
    s.owner = events::goroutine_id::none;
    return found;
  }
  if (is_written) found.holder = {s.owner, s.taken};
  found.kind = s.owner == self.id || (!is_written && s.readers != 0) ? misuse_kind::unlocked_in_other_mode
               : is_written                                          ? misuse_kind::unlocked_by_another
                                                                     : misuse_kind::unlocked_twice;
  // (Ours end the program instead, and are still held.)
  if (is_posix(lock)) s.owner = events::goroutine_id::none;
  return found;
}
void tell(const letting_go& found, const object* condition, const object& lock, const actor& self,
          place where) {
  if (condition != nullptr)
    return tell_misuse(misuse_kind::waited_without_lock, *condition, self.id, where, found.holder);
  tell_misuse(found.kind, lock, self.id, where, found.holder);
}

// What an actor does not hold any more.
void disown(actor_state& a, const object& lock, events::lock_mode mode) {
  const auto address = reinterpret_cast<std::uint64_t>(events::address_of(lock));
  a.locks = held_locks.without(a.locks, address, mode);
  forget_abandoned(address);
  note_lock_given(a, lock);
}

}  // namespace

void access_lock(thread_state& t, actor_state& self, const object& lock, access_kind kind,
                 place where) noexcept {
  const auto address = reinterpret_cast<std::uint64_t>(lock.is_proxy ? events::address_of(lock) : &lock.slot);
  if (!self.who() || t.actor != &self || is_made_once(address) || surely_on_record(t, kind, address, 1))
    return;
  const access a{self, kind, 1, where};
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
  const place where = place_of_actor(e.t, a, __builtin_frame_address(0));
  const lock_set_id before = a.locks, held = held_with(e.t, a, lock, where, mode);
  own(a, held);
  if (!is_lock(lock.kind)) return;
  {
    object_state& s = state_of(lock);
    spin_guard guard(s.lock);
    note_owner(s, self, a.now(), held, where, mode, tried);
  }
  note_lock_taken(a, lock, before, tried);
}

// Who takes it again before anybody else has learns nothing, and what it did to the lock's memory stands.
void core_observer::on_mutex_locked(actor& self, object& mutex, bool tried, events::site) {
  constexpr auto exclusive = events::lock_mode::exclusive;
  event e;
  actor_state& a = state_of(self);
  const place where = place_of_actor(e.t, a, __builtin_frame_address(0));
  const lock_set_id before = a.locks, held = held_with(e.t, a, mutex, where, exclusive);
  const bool orders = a.ignoring.synchronisation == 0;
  object_state& s = state_of(mutex);
  if (!a.who()) {  // its slot is given up: it only learns
    spin_guard guard(s.lock);
    return orders ? a.acquire(s.learn(0)) : void();
  }
  bool again = false;
  {
    spin_guard guard(s.lock);
    again = orders && s.unseen && a.resume(s.unseen);
    if (again) {
      s.learn(0);
      note_owner(s, self, a.now(), held, where, exclusive, tried);
    }
  }
  access_lock(e.t, a, mutex, access_kind::read, where);
  if (!again) {
    spin_guard guard(s.lock);
    if (orders) a.acquire(s.learn(0));
    note_owner(s, self, a.now(), held, where, exclusive, tried);
  }
  own(a, held);
  note_lock_taken(a, mutex, before, tried);
}

void core_observer::on_lock_disowned(actor& self, object& lock, events::lock_mode mode, events::site) {
  event e;
  actor_state& a = state_of(self);
  const object* const condition = std::exchange(a.unlocks_for, nullptr);
  const bool of_others = mode == events::lock_mode::shared && is_posix(lock.kind) &&
                         !may_hold(a.locks, reinterpret_cast<std::uint64_t>(events::address_of(lock)), mode);
  disown(a, lock, mode);
  if (!is_lock(lock.kind)) return;
  letting_go found;
  {
    object_state& s = state_of(lock);
    spin_guard guard(s.lock);
    found = note_given(s, self, lock.kind, mode, of_others);
  }
  if (found.wrong) [[unlikely]]
    tell(found, condition, lock, self, place_of_actor(e.t, a, __builtin_frame_address(0)));
}

void core_observer::on_mutex_unlocking(actor& self, object& mutex, events::site) {
  event e;
  actor_state& a = state_of(self);
  const object* const condition = std::exchange(a.unlocks_for, nullptr);
  const place where = place_of_actor(e.t, a, __builtin_frame_address(0));
  disown(a, mutex, events::lock_mode::exclusive);
  letting_go found;
  {
    object_state& s = state_of(mutex);
    spin_guard guard(s.lock);
    found = note_given(s, self, mutex.kind, events::lock_mode::exclusive, false);
    if (a.ignoring.synchronisation == 0) {
      if (a.who()) a.last_release = where;
      a.release_lock_into(s.first);
      s.unseen = s.first.all().tag();
    }
  }
  if (found.wrong) [[unlikely]]
    tell(found, condition, mutex, self, where);
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
  if (actor_state* const a = e.t.actor)
    access_lock(e.t, *a, o, access_kind::write, place_of_actor(e.t, *a, __builtin_frame_address(0)));
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
    actor_state* const a = e.t.actor;
    const place where = a ? place_of_actor(e.t, *a, __builtin_frame_address(0)) : place{};
    if (a) access_lock(e.t, *a, o, access_kind::write, where);
    // (Not a static one: whoever held it when the program ended is no more.)
    if (holder.who != events::goroutine_id::none &&
        !is_global(reinterpret_cast<std::uint64_t>(events::address_of(o))))
      tell_misuse(misuse_kind::destroyed_locked, o, a && a->who() ? a->who()->id : events::goroutine_id::none,
                  where, holder);
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
