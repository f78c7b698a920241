// SPDX-License-Identifier: Apache-2.0
#include "clang-plugin/src/split_loads.h"

#include <algorithm>

#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"

namespace snag::plugin {
namespace {

// Both stand where one load stood: the source has one read there.
bool come_from_one(const llvm::LoadInst& a, const llvm::LoadInst& b) {
  const llvm::DILocation* const place = a.getDebugLoc().get();
  return place != nullptr && place->getLine() != 0 && place == b.getDebugLoc().get() && a.isSimple() &&
         b.isSimple() && a.hasOneUse() && b.hasOneUse() && a.getType() == b.getType() &&
         a.getPointerOperand()->getType() == b.getPointerOperand()->getType() &&
         a.getParent() == b.getParent();
}

// Whether nothing on the way from a load to `end`, which must be the only way there, may change what is
// loaded.
bool stays_until(const llvm::LoadInst& load, const llvm::Instruction& end) {
  const llvm::BasicBlock* block = end.getParent();
  int blocks_left = 16;  // blocks that nothing reaches may be in a circle
  for (const llvm::Instruction* at = end.getPrevNode();; at = at->getPrevNode()) {
    while (at == nullptr) {
      block = block->getSinglePredecessor();
      if (block == nullptr || --blocks_left == 0) return false;
      at = block->getTerminator();
    }
    if (at == &load) return true;
    if (at->mayWriteToMemory()) return false;
  }
}

// Where the one load can stand: where the first of the two does, or, if what chooses between them is not
// known there yet, where the choice is made. Null: nowhere.
llvm::Instruction* place_of_one(llvm::LoadInst& a, llvm::LoadInst& b, llvm::SelectInst& selection,
                                const llvm::DominatorTree& tree) {
  llvm::LoadInst& first = a.comesBefore(&b) ? a : b;
  const auto all_known_at = [&](const llvm::Instruction& at) {
    return tree.dominates(selection.getCondition(), &at) && tree.dominates(a.getPointerOperand(), &at) &&
           tree.dominates(b.getPointerOperand(), &at);
  };
  if (all_known_at(first)) return &first;
  return all_known_at(selection) && stays_until(first, selection) ? &selection : nullptr;
}

}  // namespace

void join_split_loads(llvm::Function& f, const llvm::DominatorTree& tree) {
  llvm::SmallVector<llvm::SelectInst*, 4> selections;
  for (llvm::Instruction& i : llvm::instructions(f))
    if (auto* selection = llvm::dyn_cast<llvm::SelectInst>(&i)) selections.push_back(selection);
  for (llvm::SelectInst* selection : selections) {
    auto* const a = llvm::dyn_cast<llvm::LoadInst>(selection->getTrueValue());
    auto* const b = llvm::dyn_cast<llvm::LoadInst>(selection->getFalseValue());
    llvm::Value* const condition = selection->getCondition();
    if (a == nullptr || b == nullptr || a == b || !condition->getType()->isIntegerTy(1) ||
        !come_from_one(*a, *b))
      continue;
    llvm::Instruction* const at = place_of_one(*a, *b, *selection, tree);
    if (at == nullptr) continue;
    const llvm::DebugLoc place = a->getDebugLoc();
    llvm::IRBuilder<> builder(at);
    llvm::Value* const address =
        builder.CreateSelect(condition, a->getPointerOperand(), b->getPointerOperand());
    llvm::LoadInst* const joined =
        builder.CreateAlignedLoad(a->getType(), address, std::min(a->getAlign(), b->getAlign()));
    joined->setDebugLoc(place);
    selection->replaceAllUsesWith(joined);
    selection->eraseFromParent();
    a->eraseFromParent();
    b->eraseFromParent();
  }
}

}  // namespace snag::plugin
