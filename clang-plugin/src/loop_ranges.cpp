// SPDX-License-Identifier: Apache-2.0
#include "clang-plugin/src/loop_ranges.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Analysis/AssumptionCache.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolutionExpressions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"
#include "llvm/Transforms/Utils/LoopSimplify.h"
#include "llvm/Transforms/Utils/ScalarEvolutionExpander.h"

namespace snag::plugin {
namespace {

// A call of the hook costs what so many checks in place do; shorter loops are unrolled, too.
constexpr unsigned fewest_iterations = 8;
// Of the instructions that compute a range, in SCEVExpander's measure: few beside that call.
constexpr unsigned worth_computing = 16;

bool is_quiet(const llvm::Instruction& i) {
  if (i.isAtomic() || i.isVolatile() || i.mayThrow()) return false;
  if (!llvm::isa<llvm::CallBase>(i)) return true;
  const auto* call = llvm::dyn_cast<llvm::IntrinsicInst>(&i);
  return call != nullptr && call->willReturn() &&
         (call->doesNotAccessMemory() || call->isAssumeLikeIntrinsic());
}

// Runs to its end once it is entered, after as many iterations as scalar evolution can tell by then.
bool runs_through(const llvm::Loop& loop, llvm::ScalarEvolution& evolution) {
  if (!loop.isInnermost() || !loop.isLoopSimplifyForm() || loop.getExitingBlock() != loop.getLoopLatch())
    return false;
  if (llvm::isa<llvm::SCEVCouldNotCompute>(evolution.getBackedgeTakenCount(&loop))) return false;
  const unsigned iterations = evolution.getSmallConstantTripCount(&loop);
  if (iterations != 0 && iterations < fewest_iterations) return false;
  return llvm::all_of(loop.blocks(), [](const llvm::BasicBlock* b) { return llvm::all_of(*b, is_quiet); });
}

class range_finder {
 public:
  range_finder(llvm::Function& f, llvm::FunctionAnalysisManager& analyses)
      : evolution_(analyses.getResult<llvm::ScalarEvolutionAnalysis>(f)),
        dominators_(analyses.getResult<llvm::DominatorTreeAnalysis>(f)),
        costs_(analyses.getResult<llvm::TargetIRAnalysis>(f)),
        expander_(evolution_, f.getParent()->getDataLayout(), "snag.range") {}

  bool add(const access& a, const llvm::Loop& loop, llvm::SmallVectorImpl<loop_range>& out) {
    if (a.has_lane() || a.length != nullptr || a.vtable != nullptr || a.by_callee || a.size == 0 ||
        !dominators_.dominates(a.at->getParent(), loop.getLoopLatch()) || !known_to_run_through(loop))
      return false;
    const auto* pointer = llvm::dyn_cast<llvm::SCEVAddRecExpr>(evolution_.getSCEV(a.pointer));
    if (pointer == nullptr || pointer->getLoop() != &loop || !pointer->isAffine()) return false;
    const auto* step = llvm::dyn_cast<llvm::SCEVConstant>(pointer->getStepRecurrence(evolution_));
    const auto size = static_cast<std::int64_t>(a.size);
    if (step == nullptr || std::abs(step->getAPInt().getSExtValue()) != size) return false;

    llvm::Type* const word = llvm::Type::getInt64Ty(evolution_.getContext());
    const llvm::SCEV* const size_of_one = evolution_.getConstant(word, a.size);
    const llvm::SCEV* const again =
        evolution_.getTruncateOrZeroExtend(evolution_.getBackedgeTakenCount(&loop), word);
    const llvm::SCEV* const all_but_one = evolution_.getMulExpr(again, size_of_one);
    const llvm::SCEV* begin = pointer->getStart();
    if (step->getAPInt().isNegative()) begin = evolution_.getMinusSCEV(begin, all_but_one);
    const llvm::SCEV* const bytes = evolution_.getAddExpr(all_but_one, size_of_one);

    llvm::Instruction* const before = loop.getLoopPreheader()->getTerminator();
    if (llvm::isa<llvm::SCEVCouldNotCompute>(begin) || !expander_.isSafeToExpandAt(begin, before) ||
        !expander_.isSafeToExpandAt(bytes, before) ||
        expander_.isHighCostExpansion({begin, bytes}, const_cast<llvm::Loop*>(&loop), worth_computing,
                                      &costs_, before))
      return false;
    out.push_back({a, expander_.expandCodeFor(begin, a.pointer->getType(), before),
                   expander_.expandCodeFor(bytes, word, before), before});
    return true;
  }

 private:
  bool known_to_run_through(const llvm::Loop& loop) {
    const auto [at, is_new] = loops_.try_emplace(&loop, false);
    if (is_new) at->second = runs_through(loop, evolution_);
    return at->second;
  }

  llvm::ScalarEvolution& evolution_;
  llvm::DominatorTree& dominators_;
  const llvm::TargetTransformInfo& costs_;
  llvm::SCEVExpander expander_;
  llvm::DenseMap<const llvm::Loop*, bool> loops_;
};

}  // namespace

void simplify_loops(llvm::Function& f, llvm::FunctionAnalysisManager& analyses) {
  llvm::LoopInfo& loops = analyses.getResult<llvm::LoopAnalysis>(f);
  if (loops.empty()) return;
  auto& dominators = analyses.getResult<llvm::DominatorTreeAnalysis>(f);
  auto& assumptions = analyses.getResult<llvm::AssumptionAnalysis>(f);
  for (llvm::Loop* outermost : loops)
    llvm::simplifyLoop(outermost, &dominators, &loops, nullptr, &assumptions, nullptr, false);
}

void find_loop_ranges(llvm::Function& f, llvm::FunctionAnalysisManager& analyses,
                      llvm::SmallVectorImpl<access>& accesses, llvm::SmallVectorImpl<loop_range>& out) {
  llvm::LoopInfo& loops = analyses.getResult<llvm::LoopAnalysis>(f);
  if (loops.empty()) return;
  range_finder ranges(f, analyses);
  llvm::erase_if(accesses, [&](const access& a) {
    const llvm::Loop* const loop = loops.getLoopFor(a.at->getParent());
    return loop != nullptr && ranges.add(a, *loop, out);
  });
}

}  // namespace snag::plugin
