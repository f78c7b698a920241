// SPDX-License-Identifier: Apache-2.0
#include "clang-plugin/src/check_placement.h"

#include "llvm/IR/CFG.h"
#include "llvm/IR/Instructions.h"

namespace snag::plugin {

check_placement::check_placement(const llvm::Function& f, const llvm::LoopInfo& loops, check_places places)
    : loops_(loops), places_(places) {
  if (f.hasOptSize() && places_ != check_places::nowhere) places_ = check_places::in_stubs;
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

check_way check_placement::way_at(const llvm::BasicBlock& block) const {
  if (places_ == check_places::nowhere || !returning_.contains(&block)) return check_way::by_hook;
  if (places_ == check_places::everywhere) return check_way::in_place;
  const bool hot = places_ == check_places::in_loops && loops_.getLoopFor(&block) != nullptr;
  return hot ? check_way::in_place : check_way::by_stub;
}

}  // namespace snag::plugin
