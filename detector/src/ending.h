// SPDX-License-Identifier: Apache-2.0
#pragma once
// The end of the process, whichever way it comes, and what becomes of its exit status: main's return and
// exit(), _exit, quick_exit, exec, a fork's child, a fatal signal, an error of our own. On every way findings
// are written out and the status is decided by one rule, gated().
//
// exit(): our handler is registered before any other, so it runs after all of them, sees what static
// destructors did and, where the status must change, calls exit() again: glibc then goes on with the handlers
// that remain (shared libraries' finalizers, flushing of streams) with the new status. _exit and _Exit are
// interposed; quick_exit runs our handler last.
#include "detector/src/render_json.h"

namespace snag::detector {

// Registers all of the above. Once, before main.
void watch_for_the_end() noexcept;

// 2 (a panic, a fatal error, a deadlock of all) and 70 after an error of our own stay; else the configured
// status if a finding gates, or if the run did not see everything and that gates; else `status`.
int gated(int status, bool complete = true) noexcept;

// Writes out what is known; answers the status to use. May be called again: only news is written.
// Async-signal-safe.
int finish(const run_end&) noexcept;

// Stops the process after a finding (halt_on_error). pre: reports are held by this thread.
[[noreturn]] void halt() noexcept;

// False in a child that shares the parent's memory or never ran the fork handlers (vfork, raw clone): it must
// not write the parent's findings.
bool is_own_process() noexcept;

}  // namespace snag::detector
