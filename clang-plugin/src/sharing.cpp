// SPDX-License-Identifier: Apache-2.0
#include "clang-plugin/src/sharing.h"

#include "llvm/Analysis/CaptureTracking.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/CFG.h"
#include "llvm/IR/Instructions.h"

namespace snag::plugin {
namespace {

constexpr unsigned most_uses = 512;  // of one variable; beyond, it counts as captured

// Functions of the runtime that are lent their arguments and keep none. (noescape does not reach the
// parameters of a pack.)
bool only_looks(const llvm::Use& use) {
  const auto* call = llvm::dyn_cast<llvm::CallBase>(use.getUser());
  if (call == nullptr || !call->isArgOperand(&use)) return false;
  const llvm::Function* callee = call->getCalledFunction();
  return callee != nullptr && (callee->getName().starts_with("_ZN4snag7printlnI") ||
                               callee->getName().starts_with("_ZN4snag5panicI"));
}

class capture_list : public llvm::CaptureTracker {
 public:
  void tooManyUses() override { gave_up = true; }
  bool captured(const llvm::Use* use) override {
    if (only_looks(*use)) return false;
    captures.push_back(llvm::cast<llvm::Instruction>(use->getUser()));
    return false;
  }
  bool gave_up = false;
  llvm::SmallVector<const llvm::Instruction*, 4> captures;
};

bool is_own_memory(const llvm::Value& object) {
  if (llvm::isa<llvm::AllocaInst>(object)) return true;
  const auto* argument = llvm::dyn_cast<llvm::Argument>(&object);
  return argument != nullptr && argument->hasByValAttr();
}

template <class Neighbours, class Set>
void spread(const llvm::BasicBlock* from, Neighbours neighbours, Set& reached) {
  llvm::SmallVector<const llvm::BasicBlock*, 16> waiting{from};
  while (!waiting.empty())
    for (const llvm::BasicBlock* next : neighbours(waiting.pop_back_val()))
      if (reached.insert(next).second) waiting.push_back(next);
}

}  // namespace

const sharing::local_object& sharing::object(const llvm::Value& value) {
  const auto [entry, added] = objects_.try_emplace(&value);
  local_object& o = entry->second;
  if (!added) return o;
  capture_list list;
  llvm::PointerMayBeCaptured(&value, &list, most_uses);
  o.captured_somehow = list.gave_up;
  o.captures = list.captures;
  for (const llvm::Instruction* capture : o.captures) {
    spread(capture->getParent(), [](const llvm::BasicBlock* b) { return llvm::successors(b); }, o.after);
    spread(capture->getParent(), [](const llvm::BasicBlock* b) { return llvm::predecessors(b); }, o.before);
  }
  return o;
}

bool sharing::captured_before(const local_object& o, const llvm::Instruction& at) {
  if (o.after.contains(at.getParent())) return true;
  for (const llvm::Instruction* capture : o.captures)
    if (capture->getParent() == at.getParent() && capture->comesBefore(&at)) return true;
  return false;
}

bool sharing::captured_after(const local_object& o, const llvm::Instruction& at) {
  if (o.before.contains(at.getParent())) return true;
  for (const llvm::Instruction* capture : o.captures)
    if (capture->getParent() == at.getParent() && !capture->comesBefore(&at)) return true;
  return false;
}

bool sharing::leaves(const llvm::Value& own_memory) {
  const local_object& o = object(own_memory);
  return o.captured_somehow || !o.captures.empty();
}

bool sharing::may_be_shared(const llvm::Instruction& at, const llvm::Value& pointer, bool write) {
  llvm::SmallVector<const llvm::Value*, 4> objects;
  llvm::getUnderlyingObjects(&pointer, objects, nullptr, 0);
  for (const llvm::Value* candidate : objects) {
    if (!is_own_memory(*candidate)) return true;
    const local_object& o = object(*candidate);
    if (o.captured_somehow || captured_before(o, at) || (write && captured_after(o, at))) return true;
  }
  return false;
}

}  // namespace snag::plugin
