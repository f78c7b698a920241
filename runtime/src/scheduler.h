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
#include <chrono>
#include <cstdint>

#include "runtime/src/goroutine.h"
#include "runtime/src/spin_mutex.h"

namespace snag::detail {

using events::wait_reason;
using nanoseconds = std::chrono::nanoseconds;  // since the clock's epoch, for points in time

// The calling goroutine, or the calling thread's proxy (made on first use). Out of line: a thread_local's
// address must not survive a switch.
goroutine& current() noexcept;

void park(spin_mutex& lock, wait_reason) noexcept;  // pre: lock held; post: not held
// For several locks (select): `commit(argument)` runs on another stack once the goroutine has left its own.
void park(void (*commit)(void*), void* argument, wait_reason) noexcept;
void ready(goroutine&) noexcept;
void yield_now() noexcept;  // to the back of the queue; under a seeded policy: anybody next

// A place where another goroutine may run. Called at the start of every public operation. Free under work
// stealing (one predictable branch); a seeded policy switches here at random, and the operation budget
// bounds how long one goroutine may run.
void schedule_point() noexcept;

// Uniform in [0, n). From the policy: seeded runs replay it.
std::uint32_t random_below(std::uint32_t n) noexcept;

nanoseconds now() noexcept;  // monotonic; virtual under a seeded policy

// A timer the runtime can fire: `fire` runs on a scheduler's stack, holds no lock, must not park.
struct timer_node {
  nanoseconds when{0};
  void (*fire)(timer_node&) = nullptr;
  // heap position and owner: private to the timer heap
  std::uint32_t position = 0;
  void* heap = nullptr;
};
void start_timer(timer_node&) noexcept;  // pre: not started
bool stop_timer(timer_node&) noexcept;   // true: will not fire; false: was not started, or fires or has fired
// Waits until a fire() that stop_timer found running is over.
void await_timer(timer_node&) noexcept;

struct spawn_options {
  const char* name = nullptr;   // copied
  std::size_t stack_size = 0;   // bytes; 0: the default
};
// `run(closure)` is called on the new goroutine and destroys the closure. Never runs before spawn returns on
// this worker.
goroutine& spawn(spawn_options, void (*run)(void*), void* closure, events::actor* parent, const void* pc);

// --- Ends (panic.cpp). Messages and dumps in Go's format on stderr, status 2.
[[noreturn]] void fatal(const char* message) noexcept;  // "fatal error: …": cannot be caught

}  // namespace snag::detail
