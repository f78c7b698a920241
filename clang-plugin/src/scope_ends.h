// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where local variables end whose address may have left their function: the end is a write by their
// goroutine, so a reference that outlives them is a race with a name. Variables of a block end with it (that
// is why code generation is asked for lifetime markers without optimisation too), parameters and what has no
// marker with the function. An exception that passes through a function without cleanups ends nothing here.
//
// Not main's outermost variables: the other goroutines end with it.
#include <cstdint>

#include "clang-plugin/src/function_index.h"
#include "clang-plugin/src/hook_calls.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/Instructions.h"

namespace snag::plugin {

class sharing;

struct scope_end {
  llvm::AllocaInst* variable;
  llvm::Instruction* at;  // before it the variable still exists
  std::uint64_t size;     // bytes
};

// pre: the function is not instrumented yet.
void find_scope_ends(llvm::Function&, sharing&, const function_facts&, llvm::SmallVectorImpl<scope_end>&);

// Emits a look at the epoch when the function begins, and at each end a call if it has changed since.
// `sites[k]` belongs to `ends[k]`.
void emit_scope_ends(llvm::Function&, llvm::ArrayRef<scope_end> ends, llvm::ArrayRef<llvm::Constant*> sites,
                     hook_calls&);

}  // namespace snag::plugin
