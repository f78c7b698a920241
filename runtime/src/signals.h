// SPDX-License-Identifier: Apache-2.0
#pragma once
// Signals the runtime has something to say about. SIGSEGV and SIGBUS in the guard of a stack are a stack
// overflow, reported with the goroutine, exit status 2; every other fault goes to whoever handled it before,
// or to the default action, with registers and siginfo as they were. SIGQUIT prints every goroutine, as in
// Go, unless the program handles it. Handlers run on an alternate stack of each worker thread.
#include <signal.h>

#include "runtime/src/signal_mask.h"

namespace snag::detail {

void install_signal_handlers() noexcept;  // once, before or after others install theirs
// Whether the program handles a signal that may come while all of it sleeps. (Faults and the end of a pipe
// come from what it does itself, and timers of its processor time stand still with it.)
bool awaits_signals() noexcept;
// For the calling thread, which is a worker's, or a foreign thread that asks. A worker that was started by a
// thread without signals lets through what that one's creator did.
void install_alternate_stack() noexcept;
void remove_alternate_stack() noexcept;  // at the end of a thread that it was installed for

// A thread that is created in this scope lets no signal through: they are for threads that run the program.
class without_signals {
 public:
  without_signals() noexcept;
  ~without_signals() { exchange_signal_mask(before_); }
  without_signals(const without_signals&) = delete;

 private:
  const signal_mask before_;
};

// Does what `previous` would have done with this signal.
void pass_on_signal(const struct sigaction& previous, int number, siginfo_t* info, void* context) noexcept;

}  // namespace snag::detail
