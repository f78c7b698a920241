// SPDX-License-Identifier: Apache-2.0
#pragma once
// Loops that go through memory element by element: one check of the whole range before the loop, in place of
// one for each element. The loop itself is free of checks then, and can be vectorised.
//
// The range must be what the loop certainly touches, no more and nothing else in between: its number of
// iterations is known when it is entered and it can be left in no other way; each iteration makes the access;
// nothing in the loop is called, synchronises, or is volatile; and the next element begins where the last one
// ends. Then a race with any of the accesses is a race with one that is made for certain, in the same epoch.
#include <cstdint>

#include "clang-plugin/src/access.h"
#include "llvm/Analysis/ScalarEvolution.h"
#include "llvm/Analysis/TargetTransformInfo.h"
#include "llvm/IR/Dominators.h"

namespace snag::plugin {

// Gives loops the form that ranges are looked for in: a block before, and exits of their own. Before anything
// else is remembered of the function.
void simplify_loops(llvm::Function&, llvm::FunctionAnalysisManager&);

struct loop_range {
  access element;  // as it stands in the loop
  llvm::Value* begin = nullptr;
  llvm::Value* bytes = nullptr;
  llvm::Instruction* before = nullptr;  // the end of the loop's preheader
};

// Moves accesses into `out`, whose values are computed before the loops: a change of the code.
void find_loop_ranges(llvm::Function&, llvm::FunctionAnalysisManager&,
                      llvm::SmallVectorImpl<access>& accesses, llvm::SmallVectorImpl<loop_range>& out);

}  // namespace snag::plugin
