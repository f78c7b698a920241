// SPDX-License-Identifier: Apache-2.0
#include "clang-plugin/src/scope_ends.h"

#include "clang-plugin/src/inline_check.h"
#include "clang-plugin/src/sharing.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/MDBuilder.h"
#include "llvm/IR/Module.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"

namespace snag::plugin {
namespace {

// Recording an end costs time for each byte; beyond this a variable is a buffer, and rarely what is captured.
constexpr std::uint64_t largest = 4096;

llvm::Instruction* exit_of(llvm::BasicBlock& block) {
  if (llvm::CallInst* last = block.getTerminatingMustTailCall()) return last;
  llvm::Instruction* end = block.getTerminator();
  return llvm::isa<llvm::ReturnInst, llvm::ResumeInst>(end) ? end : nullptr;
}

// Without the number that tells it from its namesakes.
llvm::StringRef source_name(llvm::StringRef name) { return name.rtrim("0123456789"); }

bool lives_as_long_as_the_program(const llvm::AllocaInst& variable, const function_facts& facts) {
  return facts.source != nullptr && variable.getFunction()->getName() == "main" &&
         (facts.source->outermost.contains(variable.getName()) ||
          facts.source->outermost.contains(source_name(variable.getName())));
}

}  // namespace

void find_scope_ends(llvm::Function& f, sharing& memory, const function_facts& facts,
                     llvm::SmallVectorImpl<scope_end>& out) {
  const llvm::DataLayout& layout = f.getParent()->getDataLayout();
  llvm::DenseMap<const llvm::AllocaInst*, std::uint64_t> sizes, unmarked;
  llvm::SmallVector<llvm::AllocaInst*, 8> order;
  llvm::SmallVector<llvm::LifetimeIntrinsic*, 8> markers;
  for (llvm::BasicBlock& block : f)
    for (llvm::Instruction& i : block) {
      if (auto* marker = llvm::dyn_cast<llvm::LifetimeIntrinsic>(&i);
          marker != nullptr && marker->getIntrinsicID() == llvm::Intrinsic::lifetime_end)
        markers.push_back(marker);
      auto* variable = llvm::dyn_cast<llvm::AllocaInst>(&i);
      if (variable == nullptr || !variable->isStaticAlloca()) continue;
      const auto size = variable->getAllocationSize(layout);
      if (!size || size->isScalable() || size->getFixedValue() == 0 || size->getFixedValue() > largest)
        continue;
      if (!memory.leaves(*variable) || lives_as_long_as_the_program(*variable, facts)) continue;
      sizes[variable] = size->getFixedValue();
      // What a structured binding refers to has no name. Without a marker it would be some temporary.
      if (!variable->hasName()) continue;
      unmarked[variable] = size->getFixedValue();
      order.push_back(variable);
    }
  if (sizes.empty()) return;

  for (llvm::LifetimeIntrinsic* marker : markers) {
    auto* variable = llvm::dyn_cast<llvm::AllocaInst>(marker->getArgOperand(1)->stripPointerCasts());
    if (variable == nullptr || !sizes.contains(variable)) continue;
    unmarked.erase(variable);
    out.push_back({variable, marker, sizes[variable]});
  }
  for (llvm::AllocaInst* variable : order) {
    if (!unmarked.contains(variable)) continue;
    for (llvm::BasicBlock& block : f)
      if (llvm::Instruction* exit = exit_of(block)) out.push_back({variable, exit, unmarked[variable]});
  }
}

void emit_scope_ends(llvm::Function& f, llvm::ArrayRef<scope_end> ends, llvm::ArrayRef<llvm::Constant*> sites,
                     hook_calls& hooks_of_module) {
  if (ends.empty()) return;
  const auto epoch = [&](llvm::IRBuilder<>& b) {
    return b.CreateAlignedLoad(b.getInt32Ty(), hot_word(b.getContext(), offsetof(hooks::hot_state, epoch)),
                               llvm::Align(4), true);
  };
  llvm::BasicBlock& entry = f.getEntryBlock();
  llvm::IRBuilder<> at_entry(&entry, entry.getFirstNonPHIOrDbgOrAlloca());
  at_entry.SetCurrentDebugLocation(llvm::DebugLoc());
  llvm::Value* const begun = epoch(at_entry);

  llvm::MDNode* const weights = llvm::MDBuilder(f.getContext()).createBranchWeights(1, 1000);
  for (std::size_t k = 0; k < ends.size(); ++k) {
    llvm::IRBuilder<> b(ends[k].at);
    llvm::Value* const released = b.CreateICmpNE(epoch(b), begun);
    llvm::Instruction* const cold =
        llvm::SplitBlockAndInsertIfThen(released, ends[k].at->getIterator(), false, weights);
    llvm::IRBuilder<> at_cold(cold);
    at_cold.SetCurrentDebugLocation(ends[k].at->getDebugLoc());
    hooks_of_module.scope_end(at_cold, ends[k].variable, at_cold.getInt64(ends[k].size), sites[k]);
  }
}

}  // namespace snag::plugin
