// SPDX-License-Identifier: Apache-2.0
#pragma once
// The whole program stands still: threads outside the core are stopped by a signal, wherever they are, those
// in the core at its door (world.h). So memory can be read as if at one moment, registers included: each
// stopped thread's lie on its own stack, below where it was.
//
// Gives up rather than waits: on a thread that holds the signal back, that is in the middle of our own work,
// or of which it cannot be told what it does. Then nothing is known of this moment, and the next one will do.
//
// The signal is SIGURG, for Go's reasons (runtime/signal_unix.go, sigPreempt): debuggers pass it on, libc has
// no use for it, and it may come at any time, unasked for. A program that handles it is never stopped.
// Threads that wait in the kernel by one of libc's functions are left alone (kernel_wait.h); one that does
// so by a system call of its own, which a handler ends early (a sleep, a poll), would notice: nothing is
// done.
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "detector/src/internal_memory.h"
#include "detector/src/thread_state.h"

namespace snag::detector {

// In a system call, or about to enter it (again: a call that is restarted stands before its instruction).
bool is_at_system_call(const void* pc) noexcept;

class stopped_program {
 public:
  // pre: the caller is inside the core.
  explicit stopped_program(thread_state& self) noexcept;
  ~stopped_program();
  stopped_program(const stopped_program&) = delete;
  bool stopped() const noexcept { return stopped_; }
  bool worth_a_retry() const noexcept { return worth_a_retry_; }  // a moment later it may be

  struct place {
    thread_state* thread;
    const std::byte* stack_pointer;  // all that its actor has on the stack is above, registers included
    // The futex word on which it sleeps until somebody wakes it, or 0: nobody has, and who is late for that
    // finds the word as it expects it.
    std::uintptr_t sleeps_on;
  };
  const vector<place>& others() const noexcept { return others_; }
  const place* find(const thread_state& t) const noexcept {  // null: not of the others
    const auto at =
        std::find_if(others_.begin(), others_.end(), [&](const place& o) { return o.thread == &t; });
    return at == others_.end() ? nullptr : &*at;
  }

 private:
  bool world_ = false, stopped_ = false, signals_ = false;
  bool worth_a_retry_ = true;
  vector<place> others_;
};

}  // namespace snag::detector
