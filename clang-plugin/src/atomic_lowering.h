// SPDX-License-Identifier: Apache-2.0
#pragma once
// Replaces an atomic instruction by the hook that performs it, so that value and clock change together. What
// no hook does (floating-point addition, wrapping increments) becomes a loop around compare_exchange.
#include "clang-plugin/src/hook_calls.h"
#include "llvm/IR/Instructions.h"

namespace snag::plugin {

void lower_atomic(llvm::Instruction&, llvm::Constant* site, hook_calls&);  // erases the instruction

// Calls of the compiler's support library: __atomic_load_16 and its kind, which code generation emits where
// it cannot inline. True if `call` is one that lower_atomic_call can replace.
bool is_atomic_library_call(const llvm::CallBase&);
llvm::Value* atomic_library_pointer(llvm::CallBase&);
std::uint64_t atomic_library_size(const llvm::CallBase&);
bool atomic_library_writes(const llvm::CallBase&);
void lower_atomic_library_call(llvm::CallInst&, llvm::Constant* site, hook_calls&);

}  // namespace snag::plugin
