// SPDX-License-Identifier: Apache-2.0
#pragma once
// Goroutines locked to an OS thread (lock_os_thread). Such a goroutine borrows its worker's thread and is, to
// everybody else, a foreign thread: it is the thread's proxy, parks on a futex, and counts as an outsider
// while it runs. So queues, switches and the look for deadlocks know nothing of it, and nobody pays. Its
// worker leaves the pool meanwhile; another one starts in its place.
#include "runtime/src/goroutine.h"
#include "runtime/src/stealing_worker.h"

namespace snag::detail {

// The calling goroutine, however often it locked itself, runs on any thread again.
void leave_os_thread() noexcept;
// `self`, which has run all its code, ends locked: so does its thread, from the scheduler's stack.
void end_locked(goroutine& self) noexcept;
void end_lent_thread(stealing_worker&) noexcept;
[[noreturn]] void park_lent_main_thread(stealing_worker&) noexcept;  // which cannot end

}  // namespace snag::detail
