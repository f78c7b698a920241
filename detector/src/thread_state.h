// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the core keeps of an OS thread, at gs:0: the hot state that instrumented code reads, the actor that
// runs, and private caches that keep the slow path free of shared writes. Owned by its thread; the stopped
// world (world.h) may clear caches.
#include <atomic>
#include <cstdint>

#include "detector/hooks.h"
#include "detector/src/actor_state.h"
#include "detector/src/deferred_signals.h"
#include "detector/src/known_calls.h"
#include "detector/src/lock_sets.h"
#include "detector/src/quarantine.h"
#include "detector/src/record_store.h"
#include "detector/src/shadow_caches.h"
#include "detector/src/thread_locals.h"

namespace snag::detector {

// One (current, previous) pair that is not ordered, or a free and an access after it; found under a granule's
// lock, told after it.
struct race_hit {
  std::uint64_t granule;
  byte_mask bytes;  // of the granule, that both touched
  record_id current, previous;
  bool ordered = false;
};

struct thread_state {
  hooks::hot_state hot;  // at gs:0

  // Not zero: the thread is inside the core; whoever interrupts it stays out, and the world waits for it.
  std::atomic<std::uint32_t> inside{0};
  std::uint32_t internal_scopes = 0;  // not zero: hooks and interposers pass through
  deferred_signals deferred;          // that came meanwhile
  // Not null: the thread waits in the kernel, and its stack above does not change (kernel_wait.h).
  std::atomic<const std::byte*> kernel_wait{nullptr};
  void* thread_pointer = nullptr;  // fs:0 of the thread that this is: a new thread inherits its creator's gs
  int tid = 0;
  actor_state* actor = nullptr;  // null: the scheduler
  party* acts = nullptr;         // the same, where there are no actor_states (deadlock_mode/)
  bool first = false;            // the process's first thread
  bool runs_actors = false;  // or has: else it is one of the runtime's own, which runs no code of the program
  bool anonymous = false;    // the runtime has not told us of this thread; `actor` is our own invention

  internal_store blocks;
  known_order passed_on;    // for a moment; kept for its memory
  known_order final_clock;  // of the actor that ended on this thread, for another that follows

  quarantine_lane freed;
  known_calls calls;
  // The innermost frame that was looked at last, and what it said; where it had a leaf's access, also where
  // the call leads to (entry.h).
  struct trusted_frame {
    const hooks::frame* frame = &nowhere;
    context_id context = context_id::root;
    const hooks::site* call = &no_call;
    context_id callee = context_id::root;
    static const hooks::frame nowhere;
    static const hooks::site no_call;
  } trusted;
  known_lock_sets lock_sets;
  record_run plain_run, atomic_run;  // windows are cut from the first only
  record_cache recent;               // this epoch's records by (site, context, kind, size)
  outcome_memo outcomes;
  covered_sets covered;
  exclusive_records own_records;
  settled_orders orders;
  vector<race_hit> hits;  // of the access in progress

  // The handle that was gained last, and not lost since: liveness/handle_ends.h.
  struct handle_gain {
    const events::object* of = nullptr;
    const actor_state* by = nullptr;
    std::uint32_t number = 0;
  } gained;

  std::uint64_t static_tls_low = 0, static_tls_high = 0;
  turn_log turns;  // goroutines that ran here

  // Honest counting: what was not checked, and why.
  std::uint64_t skipped_inside = 0;  // by a signal handler that interrupted the core
  std::uint64_t skipped_nobody = 0;  // while no actor ran
  std::uint64_t stale_frames = 0;
  std::uint64_t ignored = 0;  // in a race_ignore_scope

  thread_state* next = nullptr;  // of all threads; thread_state.cpp
  bool ended = false;
};
static_assert(offsetof(thread_state, hot) == 0);

namespace detail {
inline thread_state& at_gs() noexcept {
  thread_state* t;
  // volatile: never kept in a register across a call that may continue on another thread
  asm volatile("movq %%gs:0, %0" : "=r"(t));
  return *t;
}
thread_state& attach_unknown_thread() noexcept;
}  // namespace detail

// The calling thread's; made on first use, also for threads that nobody told us of.
inline thread_state& this_thread() noexcept {
  thread_state& t = detail::at_gs();
  if (t.thread_pointer == __builtin_thread_pointer()) [[likely]]
    return t;
  return detail::attach_unknown_thread();
}
// The first thread's, before anything else runs.
void prepare_first_thread() noexcept;
// The thread has run its last instrumented code; its state serves another thread once the kernel has buried
// it.
void retire(thread_state&) noexcept;
// After a fork only the calling thread is left.
void forget_other_threads() noexcept;

namespace detail {
extern spin_lock threads_lock;
extern thread_state* all_threads;  // guarded by threads_lock; elements are never removed
}  // namespace detail

template <class Visit>
void for_each_thread(Visit&& visit) noexcept {
  spin_guard guard(detail::threads_lock);
  for (thread_state* t = detail::all_threads; t; t = t->next) visit(*t);
}

// No access is on record any more, as far as inline checks can see: another epoch, another actor, new ids.
// (A base of 0 also closes `covered`.)
inline void close_window(thread_state& t) noexcept {
  t.hot.window_span = 0;
  t.hot.known_set = hooks::no_set;
  std::atomic_signal_fence(std::memory_order_seq_cst);
  t.hot.window_base = 0;
}

// What the inline check says of a cell's bits, or of a record.
inline bool in_window(const thread_state& t, std::uint32_t bits) noexcept {
  return hooks::inline_check(bits, t.hot.window_base, t.hot.window_span);
}
inline bool in_window(const thread_state& t, record_id r) noexcept {
  return in_window(t, static_cast<std::uint32_t>(r));
}

// --- Which actor runs on this thread.
void mount(thread_state&, actor_state&) noexcept;
void unmount(thread_state&) noexcept;  // saves frames and window

}  // namespace snag::detector
