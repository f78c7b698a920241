// SPDX-License-Identifier: Apache-2.0
// The life of goroutines, threads and timers.
#include "detector/src/observer.h"

#include "detector/src/liveness/abandoned.h"
#include "detector/src/liveness/blocked.h"
#include "detector/src/liveness/check.h"
#include "detector/src/liveness/scopes.h"
#include "detector/src/liveness/watch.h"
#include "detector/src/lock_order/lock_order.h"
#include "detector/src/lock_sets.h"
#include "detector/src/mapped_memory.h"
#include "detector/src/memory_events.h"
#include "detector/src/observed.h"
#include "detector/src/sync_table.h"
#include "detector/src/unjoined_threads.h"

namespace snag::detector {
namespace {

// Nobody joined the thread that used this block before.
void drop_finished(actor& reused) noexcept {
  internal_delete(static_cast<actor_state*>(reused.slot.state));
  reused.slot.state = nullptr;
}

// The actor gives up its turn on this thread.
void leave(thread_state& t) noexcept {
  if (t.actor && t.actor->who()) t.turns.note(t.actor->now());
  unmount(t);
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

}  // namespace

core_observer& the_observer() noexcept {
  static constinit core_observer observer;
  return observer;
}

void core_observer::on_created(actor& child, actor* parent, events::site where) {
  if (parent != nullptr && child.kind != actor_kind::timer)
    watch_for_deadlocks(is_programs_thread(child, where));
  if (parent != nullptr && child.kind != actor_kind::thread) note_goroutine();
  event e;
  if (!parent && child.kind != actor_kind::timer && e.t.anonymous) {
    // Main, or a thread that the runtime meets now: it is the one we invented an actor for.
    if (!e.t.actor) invent_actor(e.t);
    e.t.anonymous = false;
    e.t.actor->adopt(child.id, child.kind, child.name);
    e.t.actor->of = &child;
    child.slot.state = e.t.actor;
    return;
  }
  drop_finished(child);
  actor_state& c = state_of(child);
  c.of = &child;
  if (!parent) {
    c.acquire(e.t.final_clock);  // another life of a thread that we thought over
    return;
  }
  actor_state& p = state_of(*parent);
  if (incarnation* who = c.who()) {
    // What a timer starts was created where the timer was armed.
    const place at = parent->kind == actor_kind::timer ? p.last_release
                                                       : place_of_actor(e.t, p, __builtin_frame_address(0));
    who->parent = parent->id;
    who->created_site = at.site;
    who->created_context = at.context;
    // (Threads that nobody called for are the runtime's.)
    if (child.kind == actor_kind::thread && where.pc != nullptr) unjoined_threads.created(*who, at, where.pc);
    if (child.kind != actor_kind::thread || where.pc != nullptr || parent->kind == actor_kind::timer)
      join_scope(c, p);
  }
  note_release(e.t, p, __builtin_frame_address(0));
  c.acquire(p.release());
  note_creation(p, c);
}

void core_observer::on_started(actor& a, stack_bounds stack) {
  event e;
  actor_state& s = state_of(a);
  if (a.kind == actor_kind::thread) unjoined_threads.started(a.id);
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
    s.of = nullptr;
    for (lock_set_id held = s.locks; held != lock_set_id::none; held = held_locks.rest(held))
      note_abandoned(a.id, held_locks.latest(held));
    count_wait_events(16);  // (what it held may have been the last)
    // A robust mutex gives what its dead owner did to the next one ([pthread_mutex_lock], EOWNERDEAD). Nobody
    // gets any other lock that is still held.
    if (s.locks != lock_set_id::none) {
      const known_order last = s.release_lock();
      for (lock_set_id held = s.locks; held != lock_set_id::none; held = held_locks.rest(held))
        release_to_proxy(held_locks.latest(held).address, last);
    }
    s.finish();
    // A goroutine's stack stands, with the ends of its variables, until another one gets it.
    if (stack.low && a.kind == actor_kind::thread)
      forget_memory(reinterpret_cast<std::uint64_t>(stack.low), reinterpret_cast<std::uint64_t>(stack.high));
    if (a.kind == actor_kind::thread && stack.high == nullptr) unjoined_threads.taken_back(a.id);
    if (a.kind == actor_kind::thread && !here) return;  // it never ran; or on_joined will
    if (a.kind == actor_kind::thread) {
      // Kept for on_joined. The thread's static TLS lies between its stack and its control block.
      const auto control = reinterpret_cast<std::uint64_t>(__builtin_thread_pointer());
      unjoined_threads.ended(a.id, control);
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

void core_observer::on_detached(actor& thread) {
  event e;
  unjoined_threads.taken_back(thread.id);
}

void core_observer::on_joined(actor& waiter, actor& ended) {
  event e;
  unjoined_threads.taken_back(ended.id);
  auto* const s = static_cast<actor_state*>(ended.slot.state);
  if (!s) return;
  s->finish();
  actor_state& w = state_of(waiter);
  note_join(w, *s, ended.id, place_of_actor(e.t, w, __builtin_frame_address(0)));
  w.acquire(s->final_clock());
  internal_delete(s);
  ended.slot.state = nullptr;
}

void core_observer::on_named(actor& a) {
  event e;
  if (incarnation* who = state_of(a).who()) who->live_name = a.name;
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
  program_mappings.unmapped(reinterpret_cast<std::uintptr_t>(low), reinterpret_cast<std::uintptr_t>(high));
}

int core_observer::on_exit(int status) {
  {
    event e;
    finish_lock_orders();
  }
  return finalize(status);
}

}  // namespace snag::detector
