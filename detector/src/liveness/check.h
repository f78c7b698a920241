// SPDX-License-Identifier: Apache-2.0
#pragma once
// When to look for those who can never run again.
//   idle         the scheduler of a seeded run has nobody to run
//   blocked      somebody who holds a lock waits for another
//   hopeless     somebody waits for a lock that it holds, or that one left locked who has ended
//   last_handle  somebody waits for what others have no handle of any more; _again: at a place seen before
//   ending       main has returned
//   deadlock     everybody is asleep, and the program says so
//   asked        by the program, or by whoever sent it SIGQUIT
//   scope        one of the runtime's has ended (scopes.h)
//   now_and_then by a thread of our own (watch.h)
// Looking costs what there is to look at, so an idle moment is used only when as much has happened
// since the last time: all looking together stays a fraction of the run, and what it finds is found at the
// same places whenever the run is the same. So is a last handle, from the third on that goes at one place.
#include "detector/src/thread_state.h"
#include "runtime/events.h"

namespace snag::detector {

// In the child of a fork, to which none of the others came: what they wait for is their parent's business.
void stop_looking() noexcept;
// The program has more than threads: whether all are asleep is the runtime's to say.
void note_goroutine() noexcept;
bool has_threads_alone() noexcept;
// How many there were, and how long the program stood still for them and for what was made of it:
// nanoseconds.
struct looks_taken {
  std::uint64_t count, longest, all, processor;  // (the last: of all, time on a processor)
};
looks_taken looks() noexcept;
// pre: not inside the core.
enum class occasion : std::uint8_t {
  idle,
  blocked,
  hopeless,
  last_handle,
  last_handle_again,
  ending,
  deadlock,
  asked,
  scope,
  now_and_then
};
// `stack_pointer`: what the calling thread's actor has on its stack is above; null: above the caller's frame.
void look_for_deadlocks(occasion, const std::byte* stack_pointer = nullptr) noexcept;
void look_for_deadlocks_in_lull(events::lull) noexcept;
// Because somebody asks. `interrupted`: with a stack pointer, the instruction that a handler interrupted.
void look_for_deadlocks_from(const std::byte* stack_pointer, const void* interrupted) noexcept;

// A scope's own alone (scopes.h). Waits for a look of another thread's to be over.
struct scope_record;
void look_for_deadlocks_in(const scope_record&) noexcept;
// Whether somebody of its own that is to be told of may run again, for all that is known.
bool somebody_lives_in(const scope_record&) noexcept;
// main has returned, or this is the child of a fork: nobody is waited for any more.
bool nobody_is_looked_for() noexcept;
bool is_childs() noexcept;  // the latter

}  // namespace snag::detector
