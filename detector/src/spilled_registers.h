// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>

namespace snag::detector {

// Calls `call(stack_pointer)`: all that the callers have on this stack lies above the pointer, with the
// registers that a callee has to keep, which are stored in this frame.
template <class Call>
[[gnu::noinline]] auto with_registers_on_stack(Call&& call) {
  __builtin_unwind_init();
  const std::byte* stack_pointer;
  asm volatile("movq %%rsp, %0" : "=r"(stack_pointer));
  const struct no_tail_call {
    ~no_tail_call() { asm volatile("" ::: "memory"); }
  } frame;  // stays until the call is over
  return call(stack_pointer);
}

}  // namespace snag::detector
