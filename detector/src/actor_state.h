// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the core keeps of an actor (goroutine, thread, timer): its clock and identity, and while it does not
// run, its innermost frame and record window. Hangs in events::actor::slot.
//
// An actor's own time stands outside its tree: release() hands out (tree, own epoch) by reference and ticks.
// Not thread-safe: the events and accesses of one actor never overlap, and whoever acts for a parked actor
// has been ordered after its parking by the runtime. The list of all actors is locked.
#include <cstdint>

#include "detector/src/access_record.h"
#include "detector/src/frames.h"
#include "detector/src/known_order.h"
#include "detector/src/liveness/party.h"
#include "detector/src/slot_table.h"

namespace snag::detector {

struct pending_misuse;
class lock_steps;

// What an actor does that is not to be checked: open scopes, of each kind.
struct ignored_scopes {
  std::uint32_t accesses = 0, reads = 0, writes = 0, frees = 0, synchronisation = 0;
  bool covers(access_kind k) const noexcept { return (accesses | (is_write(k) ? writes : reads)) != 0; }
};

class actor_state : public party {
 public:
  // Timers have no slot: they perform no accesses and only carry clocks.
  actor_state(events::goroutine_id, events::actor_kind, const char* name) noexcept;
  ~actor_state();
  actor_state(const actor_state&) = delete;

  // --- Time.
  epoch now() const noexcept { return own_; }
  bool follows(epoch e) const noexcept { return e.slot == own_.slot || known_.all().covers(e); }
  clock_time known_time(slot_id other) const noexcept { return known_.all().get(other); }
  // What the releaser knows, its present epoch included; then a new epoch begins. Through a lock: but_locks
  // stays behind.
  known_order release() noexcept {
    known_order published;
    release_into(published);
    return published;
  }
  known_order release_lock() noexcept {
    known_order published;
    release_lock_into(published);
    return published;
  }
  void release_into(known_order&) noexcept;  // which may be what was published last: that costs least
  void release_lock_into(known_order&) noexcept;
  // Pre: the actor holds a mutex again through which it published `e`, and nobody has learned that. If it has
  // published nothing else since, who will learn of `e` now learns of the epochs that follow as well: what it
  // has done in one of them stands for what it does now, and its window opens again. (A lock that one
  // goroutine takes time and again, whoever else might, costs what it does without one.) Whether it was so.
  bool resume(epoch e) noexcept;
  // Nobody has learned of that epoch, if it is ours, nor of one since.
  bool is_unlearned(epoch e) const noexcept { return e.slot == own_.slot && e.time >= unlearned_since_; }
  void acquire(const known_order& other) noexcept {
    if (!published(other)) learn_of(other);
  }
  void tick() noexcept;
  // The last access is done: gives the slot up and keeps the clock, for whoever joins. Also done on
  // destruction.
  void finish() noexcept;
  const known_order& final_clock() const noexcept { return known_; }  // after finish()
  void set_time_for_testing(clock_time) noexcept;

  // --- Fences (C++20, [atomics.fences]).
  known_order fence_released;  // published by later relaxed stores
  known_order fence_pending;   // read by relaxed loads; joined by a later acquire fence

  // --- Orders of locks (lock_order/).
  const vector_clock& order_but_locks() const noexcept { return known_.but_locks(); }
  // Changes whenever something else than a lock orders what follows differently from what came before.
  std::uint32_t order_changes() const noexcept { return order_changes_; }
  lock_steps* steps = nullptr;  // made when it first nests locks; ours

  // --- Identity.
  incarnation* who() const noexcept { return who_; }  // null: a timer
  void adopt(events::goroutine_id, events::actor_kind, const char* name) noexcept;
  void note_record() noexcept { recorded_ = true; }

  // --- Where it is.
  hooks::frame* saved_top = nullptr;  // while not mounted
  std::uint32_t saved_window_base = 0, saved_window_span = 0;
  clock_time saved_window_time = 0;
  std::uint32_t saved_window_sweep = 0;   // the window is void after a sweep
  place last_release;                     // of a timer: where it was last armed
  lock_set_id locks = lock_set_id::none;  // held
  events::object* unlocks_for = nullptr;  // a condition variable that it gives its lock back to wait for
  pending_misuse* panics_for = nullptr;   // misuses.h: what it panicked for last; ours
  ignored_scopes ignoring;
  // Of a thread that runs fibers of the program's own (annotations.h): the one that acts in its place.
  actor_state* fiber = nullptr;

  template <class Visit>
  static void for_each(Visit&& visit) noexcept {
    party::for_each([&](party& p) { visit(static_cast<actor_state&>(p)); });
  }

 private:
  // What it published itself teaches it nothing.
  bool published(const vector_clock& c) const noexcept {
    const epoch tag = c.tag();
    return tag && tag.slot == own_.slot && tag.time >= begun_;
  }
  bool published(const known_order& o) const noexcept {
    return published(o.all()) && (!o.differs() || o.but_locks().empty() || published(o.but_locks()));
  }
  void learn_of(const known_order&) noexcept;
  bool is_known(const vector_clock& known, const vector_clock& other) const noexcept;
  bool learn(vector_clock& known, clock_time& since, const vector_clock& other) noexcept;

  known_order known_;  // of others; entries for our own slot in it are stale and harmless
  epoch own_;
  clock_time begun_ = 0;  // the first time in our slot
  // Our time when known_ last grew: a clock that has met a later release of ours covers it.
  // (Of but_locks, while that is a clock of its own.)
  clock_time known_since_ = 0, known_but_locks_since_ = 0;
  std::uint32_t order_changes_ = 0;
  struct {
    epoch of;  // none: the last release was not through a lock
    std::uint32_t base = 0, span = 0, sweep = 0;
    clock_time unlearned_since = 0;
  } published_window_;
  clock_time unlearned_since_ = 0;
  bool finished_ = false;
  bool recorded_ = false;  // an access record may name our slot
  incarnation* who_ = nullptr;
};

}  // namespace snag::detector
