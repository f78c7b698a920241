// SPDX-License-Identifier: Apache-2.0
#pragma once
// Fatal signals. Handlers go only where the disposition was the default when the program started, so whatever
// the user installs wins; the runtime's own handler for exhausted goroutine stacks is installed after ours
// and passes on what is not its. A handler names the crash, keeps the findings, then ends the process: with
// the gate's status if a finding gates, else by the same signal with its default action, so that the parent
// and the core dump see what happened.
#include <signal.h>

#include <cstddef>

namespace snag::detector {

void watch_for_crashes() noexcept;

bool is_fatal_signal(int number) noexcept;  // one that we stand before
struct sigaction fatal_action() noexcept;   // our handler
int real_sigaction(int number, const struct sigaction* wanted, struct sigaction* old) noexcept;  // libc's
void note_fatal_handler_installed(int number) noexcept;

// "3 findings", "1 finding", "no findings", for messages. Async-signal-safe; writes into `out`.
const char* finding_count_text(char (&out)[24]) noexcept;

}  // namespace snag::detector
