// SPDX-License-Identifier: Apache-2.0
#pragma once
// Loads that the optimiser invented: "one of two variables" is read through a selected address, which
// InstCombine turns into a load of each and a selection of the values, also under sanitize_thread. The
// variable that was not meant would be read, and race.
#include "llvm/IR/Dominators.h"
#include "llvm/IR/Function.h"

namespace snag::plugin {

// Puts one load of the selected address in place of each such pair.
void join_split_loads(llvm::Function&, const llvm::DominatorTree&);

}  // namespace snag::plugin
