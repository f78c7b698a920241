// SPDX-License-Identifier: Apache-2.0
#pragma once
// Loads that the optimiser invented: "one of two variables" is read through a selected address, which
// InstCombine turns into a load of each and a selection of the values, also under sanitize_thread. The
// variable that was not meant would be read, and race. Mended as soon as they are made, since later both
// loads serve for other reads, too, and the selection goes elsewhere.
#include "llvm/IR/Dominators.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/PassManager.h"

namespace snag::plugin {

// Puts one load of the selected address in place of each such pair, and where only one load is left of it,
// loads only if that is chosen. Whether there was any.
bool join_split_loads(llvm::Function&, const llvm::DominatorTree&);

// After each InstCombine.
class join_split_loads_pass : public llvm::PassInfoMixin<join_split_loads_pass> {
 public:
  llvm::PreservedAnalyses run(llvm::Function&, llvm::FunctionAnalysisManager&);
  static bool isRequired() { return true; }
};

}  // namespace snag::plugin
