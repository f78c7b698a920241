// SPDX-License-Identifier: Apache-2.0
#pragma once
// The calling thread waits in the kernel for the program (a sleep, a poll, a read), and touches nothing of
// the program's until that is over. So whoever stops the program (liveness/stopped_program.h) can read its
// stack without a signal, which would end such waits early; it comes back only when the program goes on.
#include <cstddef>

#include "detector/src/interpose.h"
#include "detector/src/race.h"
#include "runtime/spilled_registers.h"

namespace snag::detector {

class kernel_wait {
 public:
  // All that the program has on this stack is above, its registers included.
  explicit kernel_wait(const std::byte* stack_pointer) noexcept : begun_(watching()) {
    if (begun_) note_kernel_wait(stack_pointer);
  }
  ~kernel_wait() {
    if (begun_) note_kernel_wait(nullptr);
  }
  kernel_wait(const kernel_wait&) = delete;

 private:
  const bool begun_;
};

// A handler of the program's runs, perhaps in the middle of it.
class kernel_wait_interrupted {
 public:
  kernel_wait_interrupted() noexcept : before_(watching() ? note_kernel_wait(nullptr) : nullptr) {}
  ~kernel_wait_interrupted() {
    if (before_ != nullptr) note_kernel_wait(before_);
  }
  kernel_wait_interrupted(const kernel_wait_interrupted&) = delete;

 private:
  const std::byte* const before_;
};

// Calls `call`, which waits in the kernel.
template <class Call>
[[gnu::noinline]] auto wait_in_kernel(Call&& call) {
  const kernel_wait scope(events::stack_with_registers());
  return call();
}

}  // namespace snag::detector
