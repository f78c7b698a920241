// SPDX-License-Identifier: Apache-2.0
#pragma once
// What an observer may ask about an actor that does not run: where it keeps what it knows. The answers hold
// while it stays as it is (parked, or about to run), which the asker sees to: events.h, on_lull. Lock-free,
// no allocation.
#include "runtime/events.h"

namespace snag::events {

struct memory_span {
  const std::byte* low = nullptr;
  const std::byte* high = nullptr;
  bool empty() const noexcept { return low == high; }
};

struct actor_memory {
  memory_span stack;  // in use, registers included: from its stack pointer to its base; empty: it has none
  const std::byte* base = nullptr;  // of its stack, whether in use or not: what is above is not its own
  memory_span closure;  // what go() was given, as long as it has not returned; or a pointer to that
  // In `stack`: below it are the frames of the runtime's operation that it is parked in. `low` if unknown.
  const std::byte* users_part = nullptr;
};
// `parked_at`: where on_blocked said that it is.
actor_memory memory_of(const actor&, site parked_at) noexcept;

// Where the counted handles of objects lie (interest::waits). A handle that is there is visited with counts
// that add up to 1 or more; one that is gone, with some that add up to 0 or less, or not at all. False: in
// the middle of a change, nothing is known. pre: the threads of goroutines and of the program stand still.
bool visit_handles(void (*visit)(void* argument, const void* at, const object&, direction, int count),
                   void* argument) noexcept;

// Could anything but an actor make one of them go on: a signal that is handled, a timer, input or output that
// is awaited, a thread that nobody announced? It allocates: not while threads stand still.
bool outside_may_act() noexcept;
// The program dies of a panic or a fatal error, and is still printing.
bool is_dying() noexcept;
// An observer has proved that no actor can ever go on, and nothing outside may act: the program ends as where
// the runtime itself finds all goroutines asleep, with that message, on_lull(lull::deadlock) and status 2.
[[noreturn]] void end_all_asleep() noexcept;

}  // namespace snag::events
