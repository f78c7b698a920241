// SPDX-License-Identifier: Apache-2.0
#include "clang-plugin/src/rare_blocks.h"

#include "llvm/IR/CFG.h"
#include "llvm/IR/Instructions.h"

namespace snag::plugin {

rare_blocks::rare_blocks(const llvm::Function& f) : everything_(f.hasOptSize()) {
  llvm::SmallVector<const llvm::BasicBlock*, 16> waiting;
  for (const llvm::BasicBlock& block : f)
    if (llvm::isa<llvm::ReturnInst>(block.getTerminator())) waiting.push_back(&block);
  while (!waiting.empty()) {
    const llvm::BasicBlock* block = waiting.pop_back_val();
    if (!returning_.insert(block).second) continue;
    for (const llvm::BasicBlock* before : llvm::predecessors(block)) waiting.push_back(before);
  }
  // A function that runs for ever has no return, and may be hot.
  if (returning_.empty())
    for (const llvm::BasicBlock& block : f) returning_.insert(&block);
}

}  // namespace snag::plugin
