// SPDX-License-Identifier: Apache-2.0
#pragma once
// Who runs where: the face that channels, locks and timers see. Park and ready are the whole protocol:
//
//   a primitive takes its own spin_mutex, finds that it must wait, links a waiter that names current(), and
//   calls park(lock, reason). The lock is released only after the goroutine has left its stack, so whoever
//   takes the lock next may ready() it at once. ready() puts it on the caller's worker (run-next slot).
//   A wake-up is never spurious and never lost: exactly one ready() per park().
//
// Works the same for foreign threads: their proxy blocks on a futex instead.
//
// Events: park() and ready() do the switching events and on_unblocked; on_blocked, which names what is waited
// for, is the primitive's, under its lock, just before park().
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>

#include "runtime/src/goroutine.h"
#include "runtime/src/spin_mutex.h"

namespace snag::detail {

using events::wait_reason;
using nanoseconds = std::chrono::nanoseconds;  // since the clock's epoch, for points in time

// The calling goroutine, or the calling thread's proxy (made on first use).
goroutine& current_outside() noexcept;
inline goroutine& current() noexcept {
  if (goroutine* g = running_goroutine()) [[likely]]
    return *g;
  return current_outside();
}

void park(spin_mutex& lock, wait_reason) noexcept SNAG_RELEASE(lock);  // pre: lock held; post: not held
void park(spin_lock& lock,
          wait_reason) noexcept;  // the same for a scope, which it ends (unseen by the analysis)
// For several locks (select): `commit(argument)` runs on another stack once the goroutine has left its own.
// It must not park; `argument` may live on the stack that was left.
void park(void (*commit)(void*), void* argument, wait_reason) noexcept;
void ready(goroutine&) noexcept;
void yield_now() noexcept;  // to the back of the queue; under a seeded policy: anybody next

// A place where another goroutine may run. Called at the start of every public operation. Free under work
// stealing (one predictable branch); a seeded policy switches here at random, and the operation budget
// bounds how long one goroutine may run.
//
// snag_attention says why the short ways are closed; with only an observer there, no schedule point has
// anything to do.
enum attention_reason : std::uint32_t {
  monitor_asks = 1,    // somebody has to make room
  policy_decides = 2,  // times the number of sequential schedulers
  observer_watches = 1u << 31,
};
inline std::atomic_ref<std::uint32_t> attention() noexcept { return std::atomic_ref(snag_attention); }
void schedule_point_slow() noexcept;
inline void schedule_point() noexcept {
  if ((attention().load(std::memory_order_relaxed) & ~(observer_watches | holdings_are_kept)) != 0)
      [[unlikely]]
    schedule_point_slow();
}

// Uniform in [0, n), n > 0. From the policy: seeded runs replay it.
std::uint32_t random_below(std::uint32_t n) noexcept;

nanoseconds now() noexcept;         // monotonic; virtual under a seeded policy, and in a bubble
nanoseconds now(bubble*) noexcept;  // on its clock; of none: on the scheduler's
bubble* current_bubble() noexcept;  // of the calling goroutine; null: none

// A timer the runtime can fire: `fire` runs on a scheduler's stack, holds no lock, must not park. It may
// start the node again, and the node may be destroyed as soon as whoever fire() readied says so. Calls about
// one node must not overlap (its owner's lock sees to that), except with its fire().
struct timer_node {
  nanoseconds when{0};
  void (*fire)(timer_node&) = nullptr;
  void (*dropped)(timer_node&) noexcept = nullptr;  // for what its firing alone holds: its bubble has ended
  // Private to the timer heap.
  std::uint32_t position = 0;   // index + 1; 0: not in a heap
  std::uint64_t sequence = 0;   // among equal times, first started fires first
  bubble* in_bubble = nullptr;  // set by the owner: whose clock `when` is on; null: the scheduler's
  std::atomic<void*> heap{nullptr};
};
void start_timer(timer_node&) noexcept;  // pre: not started
bool stop_timer(timer_node&) noexcept;   // true: will not fire; false: was not started, or fires or has fired
// Waits until a fire() that stop_timer found running is over. Not from inside a fire().
void await_timer(timer_node&) noexcept;
void await_timer(const timer_node&, void* heap) noexcept;  // `heap`: its own at the time of stop_timer

struct spawn_options {
  const char* name = nullptr;   // copied
  std::size_t stack_size = 0;   // bytes; 0: the default
  bubble* in_bubble = nullptr;  // null: its creator's
};
// `run(closure)` is called on the new goroutine and destroys the closure. Never runs before spawn returns on
// this worker. The reference is good until the goroutine ends.
goroutine& spawn(spawn_options, void (*run)(void*), void* closure, events::actor* parent, const void* pc);

// --- Foreign threads, told by whoever sees threads being created (the pthread interposer). Deadlock
// detection is exact for threads announced this way; one that is not announced keeps "all asleep" from being
// said while /proc/self/task shows it.
//   creator:     if (creating_internal_thread()) pass through; else p = new_proxy(&current(), pc);
//   new thread:  adopt_proxy(*p) before anything else; the proxy ends with the thread (on_ended).
//   the proxy's memory stays until the thread is over and release_proxy() was called (on join or detach).
goroutine* new_proxy(events::actor* parent, const void* pc) noexcept;  // emits on_created
void adopt_proxy(goroutine&) noexcept;                                 // emits on_started
void release_proxy(goroutine&) noexcept;
void discard_proxy(goroutine&) noexcept;   // the thread could not be created
bool creating_internal_thread() noexcept;  // this thread is making one of the runtime's own threads
// While alive, threads that this thread creates are internal: they are no actors and never count as somebody
// who could still wake a goroutine. For the detector's helpers, too.
class internal_thread_scope {
 public:
  internal_thread_scope() noexcept;
  ~internal_thread_scope();
  internal_thread_scope(const internal_thread_scope&) = delete;
};

// --- Ends (fatal.cpp). Messages and dumps in Go's format on stderr, status 2.
// "fatal error: …": cannot be caught. `shows_all`: every goroutine, where Go does.
[[noreturn]] void fatal(const char* message, bool shows_all = false) noexcept;

}  // namespace snag::detail
