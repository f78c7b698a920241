// SPDX-License-Identifier: Apache-2.0
#pragma once
// Somebody who may wait, or be waited for: what the search for deadlocks keeps of a goroutine or thread from
// its creation to its end. Not thread-safe, as actor_state.h says; the list of all is locked.
#include <cstdint>

#include "detector/src/frames.h"
#include "detector/src/spin_lock.h"
#include "runtime/events.h"

namespace snag::detector {

struct blocked;
struct scope_record;
struct thread_state;

struct party {
  events::goroutine_id id = events::goroutine_id::none;  // none: a timer
  events::actor_kind kind = events::actor_kind::goroutine;
  const events::actor* of = nullptr;  // as the runtime knows it; null: our invention
  blocked* waits = nullptr;           // what it is parked for; null: it is not
  thread_state* mounted = nullptr;    // the OS thread that runs it, or that it is
  stack_window stack;                 // low…high; 0: unknown
  // Of the runtime's scopes (scopes.h): the one that it was started in, and that it starts others in.
  scope_record *scope = nullptr, *childrens_scope = nullptr;
  bool left_over = false;  // was told of at the end of its scope

  template <class Visit>
  static void for_each(Visit&& visit) noexcept {
    spin_guard guard(list_lock);
    for (party* p = all; p != nullptr; p = p->next_) visit(*p);
  }

 protected:
  party() = default;
  void enlist() noexcept;
  void strike_off() noexcept;

 private:
  static spin_lock list_lock;
  static party* all SNAG_DETECTOR_GUARDED_BY(list_lock);
  party *next_ = nullptr, *previous_ = nullptr;
};

}  // namespace snag::detector
