// SPDX-License-Identifier: Apache-2.0
#pragma once
// Foreign OS threads as actors: a control block that parks on a futex. Made on the thread's first use of the
// runtime, or before the thread exists by whoever sees its creation (scheduler.h, new_proxy); ends with it.
#include "runtime/src/scheduler.h"

namespace snag::detail {

// The calling thread acts as `self`, a goroutine that is locked to it, until restore_proxy(), which does not
// yet count it as gone: that is drop_outsider() if a worker takes its place, else outsider_stopped().
void act_as_proxy(goroutine& self) noexcept;
void restore_proxy() noexcept;
void drop_outsider() noexcept;
void outsider_stopped() noexcept;
goroutine* locked_goroutine() noexcept;  // that the calling thread acts as; null: none

goroutine& current_proxy() noexcept;  // the calling thread's; made if there is none
void park_proxy(goroutine& self, void (*commit)(void*), void* argument, wait_reason) noexcept;
void ready_proxy(goroutine&) noexcept;

// Could a thread that is not the runtime's still make a goroutine ready?
enum class outside : std::uint8_t {
  none,     // there is no other thread, or all of them wait for the runtime themselves
  may_act,  // yes; outsider_left() is called when that changes
  unknown,  // a signal may come, or threads exist that nobody announced: ask again later
};
outside outsiders() noexcept;
bool known_outsider_acts() noexcept;  // at the cost of a load

// A thread of the runtime's that acts in its own name, and whose ability to wake somebody is told by others
// (io_pending): it never counts as acting. It never ends.
goroutine* new_background_proxy(goroutine& parent) noexcept;
void adopt_background_proxy(goroutine&) noexcept;

// In the child of a fork.
void forget_other_threads() noexcept;
const goroutine* proxy_of_this_thread() noexcept;  // null: it has none

// The calling thread is the runtime's own (a worker, the monitor), or no longer.
void register_internal_thread() noexcept;
void unregister_internal_thread() noexcept;

}  // namespace snag::detail
