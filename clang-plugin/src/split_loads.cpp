// SPDX-License-Identifier: Apache-2.0
#include "clang-plugin/src/split_loads.h"

#include <algorithm>
#include <optional>

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"

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

// InstCombine moves what computes a condition, too, to where it is used. Whether it could be computed at
// `at`.
bool can_be_computed_at(const llvm::Value& value, const llvm::Instruction& at,
                        const llvm::DominatorTree& tree, int steps = 4) {
  const auto* const i = llvm::dyn_cast<llvm::Instruction>(&value);
  if (i == nullptr || tree.dominates(i, &at)) return true;
  if (steps == 0 || llvm::isa<llvm::PHINode>(i) || i->mayReadOrWriteMemory() ||
      !llvm::isSafeToSpeculativelyExecute(i))
    return false;
  return llvm::all_of(i->operands(), [&](const llvm::Use& operand) {
    return can_be_computed_at(*operand, at, tree, steps - 1);
  });
}
llvm::Value* computed_at(llvm::Value& value, llvm::Instruction& at, const llvm::DominatorTree& tree) {
  auto* const i = llvm::dyn_cast<llvm::Instruction>(&value);
  if (i == nullptr || tree.dominates(i, &at)) return &value;
  llvm::Instruction* const copy = i->clone();
  for (llvm::Use& operand : copy->operands()) operand.set(computed_at(*operand, at, tree));
  copy->insertBefore(at.getIterator());
  return copy;
}

// Where the one load can stand: where the first of the two does, or, if what chooses between them is not
// known there yet, where the choice is made. Null: nowhere.
llvm::Instruction* place_of_one(llvm::LoadInst& a, llvm::LoadInst& b, llvm::SelectInst& selection,
                                const llvm::DominatorTree& tree) {
  llvm::LoadInst& first = a.comesBefore(&b) ? a : b;
  const auto all_known_at = [&](const llvm::Instruction& at) {
    return can_be_computed_at(*selection.getCondition(), at, tree) &&
           tree.dominates(a.getPointerOperand(), &at) && tree.dominates(b.getPointerOperand(), &at);
  };
  if (all_known_at(first)) return &first;
  return all_known_at(selection) && stays_until(first, selection) ? &selection : nullptr;
}

// A load that InstCombine made for one side of a selection (it names them so), while the other side is not a
// load of its own any more: its value was known, or serves another read, too.
struct one_sided {
  llvm::LoadInst* load;
  bool if_true;
  llvm::Value* condition;
  llvm::Instruction* at;  // where to load, if it is chosen
};

llvm::LoadInst* invented_for(llvm::Value& value, const llvm::SelectInst& selection) {
  auto* load = llvm::dyn_cast<llvm::LoadInst>(&value);
  const bool invented = load != nullptr && load->isSimple() && load->hasOneUse() && load->getDebugLoc() &&
                        load->getDebugLoc() == selection.getDebugLoc() && load->getName().contains(".val") &&
                        selection.getCondition()->getType()->isIntegerTy(1);
  return invented ? load : nullptr;
}

std::optional<one_sided> find_one_sided(llvm::SelectInst& selection, const llvm::DominatorTree& tree) {
  llvm::LoadInst* const if_true = invented_for(*selection.getTrueValue(), selection);
  llvm::LoadInst* const if_false = invented_for(*selection.getFalseValue(), selection);
  if ((if_true == nullptr) == (if_false == nullptr)) return {};
  llvm::LoadInst* const load = if_true != nullptr ? if_true : if_false;
  llvm::Value& condition = *selection.getCondition();
  if (can_be_computed_at(condition, *load, tree))
    return one_sided{load, if_true != nullptr, computed_at(condition, *load, tree), load};
  if (!stays_until(*load, selection)) return {};
  return one_sided{load, if_true != nullptr, &condition, &selection};
}

void load_when_chosen(const one_sided& o) {
  llvm::Value* condition = o.condition;
  llvm::IRBuilder<> before(o.at);
  if (!o.if_true) condition = before.CreateNot(condition);
  llvm::BasicBlock* const origin = o.at->getParent();
  llvm::Instruction* const end = llvm::SplitBlockAndInsertIfThen(condition, o.at->getIterator(), false);
  llvm::IRBuilder<> after(o.at);
  llvm::PHINode* const value = after.CreatePHI(o.load->getType(), 2);
  o.load->replaceAllUsesWith(value);
  value->addIncoming(o.load, end->getParent());
  value->addIncoming(llvm::PoisonValue::get(o.load->getType()),
                     origin);  // the selection takes the other side
  o.load->moveBefore(end);
}

}  // namespace

bool join_split_loads(llvm::Function& f, const llvm::DominatorTree& tree) {
  bool any = false;
  llvm::SmallVector<llvm::SelectInst*, 4> selections;
  for (llvm::Instruction& i : llvm::instructions(f))
    if (auto* selection = llvm::dyn_cast<llvm::SelectInst>(&i)) selections.push_back(selection);
  llvm::SmallVector<one_sided, 4> left;  // the blocks, and the tree, change last
  for (llvm::SelectInst* selection : selections) {
    if (const auto found = find_one_sided(*selection, tree)) {
      left.push_back(*found);
      continue;
    }
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
    llvm::Value* const address = builder.CreateSelect(computed_at(*condition, *at, tree),
                                                      a->getPointerOperand(), b->getPointerOperand());
    llvm::LoadInst* const joined =
        builder.CreateAlignedLoad(a->getType(), address, std::min(a->getAlign(), b->getAlign()));
    joined->setDebugLoc(place);
    selection->replaceAllUsesWith(joined);
    selection->eraseFromParent();
    a->eraseFromParent();
    b->eraseFromParent();
    any = true;
  }
  for (const one_sided& o : left) load_when_chosen(o);
  return any || !left.empty();
}

llvm::PreservedAnalyses join_split_loads_pass::run(llvm::Function& f,
                                                   llvm::FunctionAnalysisManager& analyses) {
  if (!join_split_loads(f, analyses.getResult<llvm::DominatorTreeAnalysis>(f)))
    return llvm::PreservedAnalyses::all();
  return llvm::PreservedAnalyses::none();
}

}  // namespace snag::plugin
