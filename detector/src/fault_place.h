// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a fault means for the program. Before each access instrumented code looks into the shadow, so a
// pointer that leads outside the program's zones faults there first: the address is translated back. A fault
// next to the stack pointer is an exhausted stack. Async-signal-safe.
#include <signal.h>
#include <ucontext.h>

#include <cstdint>

namespace snag::detector {

struct fault_place {
  std::uint64_t address = 0;
  bool stack_overflow = false;
};
fault_place place_of_fault(const siginfo_t&, const ucontext_t&) noexcept;

}  // namespace snag::detector
