// SPDX-License-Identifier: Apache-2.0
#include "detector/src/observer.h"

#include "detector/src/entry.h"
#include "detector/src/lock_sets.h"
#include "detector/src/memory_events.h"
#include "detector/src/object_state.h"
#include "detector/src/program_locks.h"
#include "detector/src/sync_table.h"

namespace snag::detector {
namespace {

using events::actor;
using events::actor_kind;
using events::direction;
using events::object;
using events::stack_bounds;

actor_state& state_of(actor& a) noexcept {
  if (!a.slot.state) a.slot.state = internal_new<actor_state>(a.id, a.kind, a.name);
  auto& s = *static_cast<actor_state*>(a.slot.state);
  return s.fiber ? *s.fiber : s;
}

// Nobody joined the thread that used this block before.
void drop_finished(actor& reused) noexcept {
  internal_delete(static_cast<actor_state*>(reused.slot.state));
  reused.slot.state = nullptr;
}

// An event arrives: inside the core, as the OS thread it arrives on. An event that interrupts the core (from
// a signal handler) could only be lost, so the runtime's operations are not for signal handlers.
struct event {
  thread_state& t = this_thread();
  const core_scope scope{t};
};

// The actor gives up its turn on this thread.
void leave(thread_state& t) noexcept {
  if (t.actor && t.actor->who()) t.turns.note(t.actor->now());
  unmount(t);
}

// Where an actor is: the call in progress in its innermost instrumented function.
place place_of_actor(thread_state& t, actor_state& a, const void* stack_pointer) noexcept {
  hooks::frame* top = a.saved_top;
  stack_window w = a.stack;
  if (t.actor == &a) {
    top = t.hot.top;
    w = live_stack(a, stack_pointer);
  } else if (a.mounted) {
    top = a.mounted->hot.top;  // a thread that waits in the runtime
  }
  if (w.high == 0) return {};
  return place_of(nullptr, valid_top(top, w), w);
}

void note_release(thread_state& t, actor_state& a, const void* stack_pointer) noexcept {
  if (a.who()) a.last_release = place_of_actor(t, a, stack_pointer);
}

// The thread turns out to be a known one: what it did before is ordered before what follows.
void drop_invented_actor(thread_state& t, actor_state* successor) noexcept {
  if (!t.anonymous) return;
  t.anonymous = false;
  actor_state* const invented = t.actor;
  if (!invented || invented == successor) return;
  if (successor) successor->acquire(invented->release());
  unmount(t);
  internal_delete(invented);
}

// A send reads and a close writes the channel's own word (which no program names).
void access_channel(thread_state& t, actor_state& self, object& channel, access_kind kind,
                    const void* stack_pointer) noexcept {
  if (!self.who()) return;  // a timer's channel is the runtime's: nobody closes it
  const access a{self, kind, 1, place_of_actor(t, self, stack_pointer)};
  const auto address = reinterpret_cast<std::uint64_t>(&channel.slot);
  // Records in the window must be the mounted actor's: for a parked partner the window is put aside.
  actor_state* const running = t.actor;
  hooks::frame* const top = t.hot.top;
  const bool borrowed = running != &self;
  if (borrowed) {
    unmount(t);
    thread_state* const its = self.mounted;
    const auto saved = self.saved_top;
    mount(t, self);
    check_and_record(t, a, address, 1);
    unmount(t);
    self.saved_top = saved;
    self.mounted = its;
    if (running) {
      mount(t, *running);
      t.hot.top = top;
    }
  } else {
    check_and_record(t, a, address, 1);
  }
  if (!t.hits.empty()) [[unlikely]]
    tell_races(t, a);
}

}  // namespace

core_observer& the_observer() noexcept {
  static constinit core_observer observer;
  return observer;
}

// --- Life ------------------------------------------------------------------------------------------------

void core_observer::on_created(actor& child, actor* parent, events::site) {
  event e;
  if (!parent && child.kind != actor_kind::timer && e.t.anonymous) {
    // Main, or a thread that the runtime meets now: it is the one we invented an actor for.
    if (!e.t.actor) invent_actor(e.t);
    e.t.anonymous = false;
    e.t.actor->adopt(child.id, child.kind, child.name);
    child.slot.state = e.t.actor;
    return;
  }
  drop_finished(child);
  actor_state& c = state_of(child);
  if (!parent) {
    c.acquire(e.t.final_clock);  // another life of a thread that we thought over
    return;
  }
  actor_state& p = state_of(*parent);
  if (incarnation* who = c.who()) {
    // What a timer starts was created where the timer was armed.
    const place where = parent->kind == actor_kind::timer
                            ? p.last_release
                            : place_of_actor(e.t, p, __builtin_frame_address(0));
    who->parent = parent->id;
    who->created_site = where.site;
    who->created_context = where.context;
  }
  note_release(e.t, p, __builtin_frame_address(0));
  c.acquire(p.release());
}

void core_observer::on_started(actor& a, stack_bounds stack) {
  event e;
  actor_state& s = state_of(a);
  s.stack = {reinterpret_cast<std::uintptr_t>(stack.low), reinterpret_cast<std::uintptr_t>(stack.high)};
  if (stack.low && a.kind == actor_kind::goroutine && a.id != events::goroutine_id::main)
    forget_memory(s.stack.low, s.stack.high);
  hooks::frame* const top = e.t.hot.top;
  drop_invented_actor(e.t, &s);
  if (e.t.actor != &s) {
    // The thread acted under another name so far (a static initialiser's proxy, then main), and goes on.
    if (e.t.actor) s.acquire(e.t.actor->release());
    unmount(e.t);
    mount(e.t, s);
    e.t.hot.top = top;
  }
  // Memory that the C library mapped by itself: whatever stood there before is gone.
  const auto here = reinterpret_cast<std::uint64_t>(__builtin_frame_address(0));
  if (a.kind == actor_kind::thread && stack.low && here > s.stack.low && here < s.stack.high)
    forget_memory(s.stack.low, here & ~std::uint64_t{15});
}

void core_observer::on_ended(actor& a, stack_bounds stack) {
  thread_state* ended_thread = nullptr;
  {
    event e;
    actor_state& s = state_of(a);
    if (a.id == events::goroutine_id::main) return;  // static destructors still run in its name
    const bool here = e.t.actor == &s;
    if (here) leave(e.t);
    // A robust mutex gives what its dead owner did to the next one ([pthread_mutex_lock], EOWNERDEAD). Nobody
    // gets any other lock that is still held.
    if (s.locks != lock_set_id::none) {
      const vector_clock last = s.release();
      for (lock_set_id held = s.locks; held != lock_set_id::none; held = held_locks.rest(held))
        release_to_proxy(held_locks.latest(held).address, last);
    }
    s.finish();
    // A goroutine's stack stands, with the ends of its variables, until another one gets it.
    if (stack.low && a.kind == actor_kind::thread)
      forget_memory(reinterpret_cast<std::uint64_t>(stack.low), reinterpret_cast<std::uint64_t>(stack.high));
    if (a.kind == actor_kind::thread && !here) return;  // it never ran; or on_joined will
    if (a.kind == actor_kind::thread) {
      // Kept for on_joined. The thread's static TLS lies between its stack and its control block.
      const auto control = reinterpret_cast<std::uint64_t>(__builtin_thread_pointer());
      const auto high = reinterpret_cast<std::uint64_t>(stack.high);
      if (stack.low && control >= high && control - high < (1u << 24)) forget_memory(high, control);
      e.t.anonymous = false;  // thread-local destructors that follow belong to nobody
      e.t.final_clock = s.final_clock();
      ended_thread = &e.t;
    } else {
      internal_delete(&s);
      a.slot.state = nullptr;
    }
  }
  if (ended_thread) {
    thread_ended();
    retire(*ended_thread);
  }
}

void core_observer::on_unwound(actor& a) {
  event e;
  actor_state& s = state_of(a);
  if (e.t.actor == &s) e.t.hot.top = nullptr;
}

void core_observer::on_switched(actor*, actor* to) {
  event e;
  actor_state* const next = to ? &state_of(*to) : nullptr;
  drop_invented_actor(e.t, next);
  if (e.t.actor == next) return;
  leave(e.t);
  if (next) mount(e.t, *next);
}

void core_observer::on_joined(actor& waiter, actor& ended) {
  event e;
  auto* const s = static_cast<actor_state*>(ended.slot.state);
  if (!s) return;
  s->finish();
  state_of(waiter).acquire(s->final_clock());
  internal_delete(s);
  ended.slot.state = nullptr;
}

void core_observer::on_named(actor& a) {
  event e;
  if (incarnation* who = state_of(a).who()) who->live_name = a.name;
}

// --- Happens-before --------------------------------------------------------------------------------------

namespace {

bool is_lock(events::object_kind k) {
  using enum events::object_kind;
  return k == mutex || k == shared_mutex || k == pthread_mutex || k == pthread_rwlock;
}

// Locking reads a lock, its construction and its end write it: a lock that ends, or is put in another's
// place, while somebody may lock it is a race. (Before the lock orders anything.)
void access_lock(thread_state& t, actor_state& self, const object& lock, access_kind kind,
                 const void* stack_pointer) {
  const auto address = reinterpret_cast<std::uint64_t>(lock.is_proxy ? events::address_of(lock) : &lock.slot);
  if (!self.who() || t.actor != &self || is_made_once(address) || on_record(t, kind, address, 1)) return;
  const access a{self, kind, 1, place_of_actor(t, self, stack_pointer)};
  check_and_record(t, a, address, 1);
  if (!t.hits.empty()) [[unlikely]]
    tell_races(t, a);
}

}  // namespace

void core_observer::on_acquired(actor& self, object& o, std::size_t part, events::site) {
  event e;
  actor_state& a = state_of(self);
  if (is_lock(o.kind)) access_lock(e.t, a, o, access_kind::read, __builtin_frame_address(0));
  if (a.ignoring.synchronisation != 0) return;
  object_state& s = state_of(o);
  spin_guard guard(s.lock);
  a.acquire(s.learn(part));
}

void core_observer::on_released(actor& self, object& o, std::size_t part, events::site) {
  event e;
  actor_state& a = state_of(self);
  if (a.ignoring.synchronisation != 0) return;
  object_state& s = state_of(o);
  note_release(e.t, a, __builtin_frame_address(0));
  spin_guard guard(s.lock);
  s.part(part) = a.release();
}

void core_observer::on_released_merging(actor& self, object& o, std::size_t part, events::site) {
  event e;
  actor_state& a = state_of(self);
  if (a.ignoring.synchronisation != 0) return;
  object_state& s = state_of(o);
  note_release(e.t, a, __builtin_frame_address(0));
  spin_guard guard(s.lock);
  s.merge(part, a.release());
}

// The slot passes on what the actor knew before it learned what the slot held: the memory model orders the
// k-th receive before the (k+C)-th send *completes*, not before what that send passes on.
void core_observer::on_buffered(actor& self, object& channel, std::size_t slot, direction d, events::site) {
  event e;
  object_state& s = state_of(channel);
  actor_state& a = state_of(self);
  if (d == direction::send) access_channel(e.t, a, channel, access_kind::read, __builtin_frame_address(0));
  note_release(e.t, a, __builtin_frame_address(0));
  spin_guard guard(s.lock);
  vector_clock& clock = s.slots[slot];
  vector_clock passed_on = a.release();
  a.acquire(clock);
  clock = std::move(passed_on);
}

void core_observer::on_rendezvous(actor& self, actor& partner, object& channel, direction of_self,
                                  events::site) {
  event e;
  actor_state& a = state_of(self);
  actor_state& b = state_of(partner);
  access_channel(e.t, of_self == direction::send ? a : b, channel, access_kind::read,
                 __builtin_frame_address(0));
  note_release(e.t, a, __builtin_frame_address(0));
  note_release(e.t, b, __builtin_frame_address(0));
  const vector_clock from_a = a.release(), from_b = b.release();
  a.acquire(from_b);
  b.acquire(from_a);
}

void core_observer::on_closed(actor& self, object& channel, events::site) {
  event e;
  object_state& s = state_of(channel);
  actor_state& a = state_of(self);
  access_channel(e.t, a, channel, access_kind::write, __builtin_frame_address(0));
  note_release(e.t, a, __builtin_frame_address(0));
  spin_guard guard(s.lock);
  s.closed = a.release();
}

void core_observer::on_received_closed(actor& self, object& channel, events::site) {
  event e;
  object_state& s = state_of(channel);
  spin_guard guard(s.lock);
  state_of(self).acquire(s.closed);
}

void core_observer::on_touched(actor& self, object& o, bool writes, events::site) {
  event e;
  access_channel(e.t, state_of(self), o, writes ? access_kind::write : access_kind::read,
                 __builtin_frame_address(0));
}

void core_observer::on_timer_armed(actor& timer, actor& armer, events::site) {
  event e;
  actor_state& a = state_of(armer);
  note_release(e.t, a, __builtin_frame_address(0));
  actor_state& t = state_of(timer);
  t.last_release = a.last_release;
  t.acquire(a.release());
}

// --- Locks -----------------------------------------------------------------------------------------------

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

void core_observer::on_lock_owned(actor& self, object& lock, events::lock_mode mode, bool, events::site) {
  event e;
  actor_state& a = state_of(self);
  if (!a.who()) return;
  const place where = place_of_actor(e.t, a, __builtin_frame_address(0));
  a.locks = held_locks.with(
      a.locks, {reinterpret_cast<std::uint64_t>(events::address_of(lock)), where, lock.kind, mode});
  if (!is_lock(lock.kind)) return;
  object_state& s = state_of(lock);
  spin_guard guard(s.lock);
  if (mode == events::lock_mode::shared) {
    ++s.readers;
  } else {
    s.owner = self.id;
    s.taken = where;
  }
}

void core_observer::on_lock_disowned(actor& self, object& lock, events::lock_mode mode, events::site) {
  event e;
  actor_state& a = state_of(self);
  a.locks = held_locks.without(a.locks, reinterpret_cast<std::uint64_t>(events::address_of(lock)), mode);
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

void core_observer::on_blocked(actor& self, events::wait_reason, events::wait_mode,
                               std::span<const events::wait_target> on, events::site) {
  if (on.size() != 1 || !on[0].on || !is_lock(on[0].on->kind)) return;
  event e;
  auto& lock = const_cast<object&>(*on[0].on);
  object_state& s = state_of(lock);
  place taken;
  {
    spin_guard guard(s.lock);
    if (s.owner != self.id) return;
    taken = s.taken;
  }
  tell_misuse(e.t, misuse_kind::locked_twice, lock, events::lock_mode::exclusive, &self, self.id, taken,
              __builtin_frame_address(0));
}

// --- The rest --------------------------------------------------------------------------------------------

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
  if (o.is_proxy) drop_proxy(o);
  drop_state(o);
  if (is_lock(o.kind)) return;  // its end stands
  const auto word = reinterpret_cast<std::uint64_t>(&o.slot);
  forget_memory(word, word + sizeof o.slot);
}

void core_observer::on_races_ignored(actor& self, const char* reason) {
  event e;
  actor_state& a = state_of(self);
  if (reason != nullptr) {
    ++a.ignoring.accesses;
  } else if (a.ignoring.accesses != 0) {
    --a.ignoring.accesses;
  }
}

void core_observer::on_stacks_mapped(std::byte* low, std::byte* high) {
  event e;
  forget_memory(reinterpret_cast<std::uint64_t>(low), reinterpret_cast<std::uint64_t>(high));
}

int core_observer::on_exit(int status) { return finalize(status); }

}  // namespace snag::detector
