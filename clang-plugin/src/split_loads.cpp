// SPDX-License-Identifier: Apache-2.0
#include "clang-plugin/src/split_loads.h"

#include <algorithm>

#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/DebugInfoMetadata.h"
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

// Whether a value is there before `at`.
bool precedes(const llvm::Value& value, const llvm::Instruction& at) {
  const auto* i = llvm::dyn_cast<llvm::Instruction>(&value);
  return i == nullptr || i->getParent() != at.getParent() || i->comesBefore(&at);
}

}  // namespace

void join_split_loads(llvm::Function& f) {
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
    llvm::LoadInst* const first = a->comesBefore(b) ? a : b;
    if (!precedes(*condition, *first) || !precedes(*a->getPointerOperand(), *first) ||
        !precedes(*b->getPointerOperand(), *first))
      continue;
    llvm::IRBuilder<> builder(first);
    llvm::Value* const address =
        builder.CreateSelect(condition, a->getPointerOperand(), b->getPointerOperand());
    llvm::LoadInst* const joined =
        builder.CreateAlignedLoad(a->getType(), address, std::min(a->getAlign(), b->getAlign()));
    joined->setDebugLoc(first->getDebugLoc());
    selection->replaceAllUsesWith(joined);
    selection->eraseFromParent();
    a->eraseFromParent();
    b->eraseFromParent();
  }
}

}  // namespace snag::plugin
