// SPDX-License-Identifier: Apache-2.0
#include "clang-plugin/src/frames.h"

#include "clang-plugin/src/inline_check.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"

namespace snag::plugin {
namespace {

constexpr unsigned caller_field = 0, call_field = 1, context_field = 2;

// Returns and resumed exceptions; a musttail call stands for the return behind it.
llvm::Instruction* exit_of(llvm::BasicBlock& block) {
  if (llvm::CallInst* last = block.getTerminatingMustTailCall()) return last;
  llvm::Instruction* end = block.getTerminator();
  return llvm::isa<llvm::ReturnInst, llvm::ResumeInst>(end) ? end : nullptr;
}

}  // namespace

frame_emitter::frame_emitter(llvm::Function& function, const llvm::TargetLibraryInfo& library,
                             function_index& functions,
                             llvm::function_ref<bool(const llvm::Function&)> leaves_top)
    : function_(function),
      functions_(functions),
      top_(hot_word(function.getContext(), offsetof(hooks::hot_state, top))) {
  const bool hidden = functions.of(function).hidden();
  for (llvm::BasicBlock& block : function) {
    if (llvm::Instruction* exit = exit_of(block)) exits_.insert(exit);
    if (block.isLandingPad()) landing_pads_.push_back(&block);
    for (llvm::Instruction& i : block) {
      auto* call = llvm::dyn_cast<llvm::CallBase>(&i);
      if (call == nullptr || !is_visible_call(*call, library)) continue;
      calls_.push_back(call);
      has_frame_ |= !hidden || !functions.at(*call).hidden();
      const llvm::Function* callee = callee_of(*call);
      const bool known = callee != nullptr && (keeps_to_itself(*callee, library) ||
                                               (callee->hasExactDefinition() && leaves_top(*callee)));
      const bool trusted = known || call->doesNotThrow();
      if (!trusted || call->hasFnAttr(llvm::Attribute::ReturnsTwice)) untrusted_.insert(call);
    }
  }
}

void frame_emitter::emit(site_table& sites) {
  if (!has_frame_ && landing_pads_.empty() && (untrusted_.empty() || calls_.size() == 1)) return;
  link();
  if (has_frame_)
    for (llvm::CallBase* call : calls_)
      before_call(*call, sites.call_site(*call, call_site_flags(*call, functions_)));
  for (llvm::CallBase* call : calls_) after_call(*call);
  for (llvm::BasicBlock* pad : landing_pads_) set_top(*pad->getFirstInsertionPt());
  if (has_frame_)
    for (llvm::Instruction* exit : exits_) leave(*exit);
}

void frame_emitter::link() {
  llvm::LLVMContext& context = function_.getContext();
  llvm::Type* pointer = llvm::PointerType::getUnqual(context);
  llvm::Type* word = llvm::Type::getInt64Ty(context);
  type_ = llvm::StructType::get(pointer, pointer, word);
  static_assert(sizeof(hooks::frame) == 24 && offsetof(hooks::frame, call) == 8 &&
                offsetof(hooks::frame, context) == 16);

  llvm::BasicBlock& entry = function_.getEntryBlock();
  llvm::IRBuilder<> b(&entry, entry.begin());
  if (has_frame_) {
    frame_ = b.CreateAlloca(type_, nullptr, "snag.frame");
    frame_->setAlignment(llvm::Align(8));
  }
  b.SetInsertPoint(&entry, entry.getFirstNonPHIOrDbgOrAlloca());
  b.SetCurrentDebugLocation(llvm::DebugLoc());
  own_top_ = b.CreateLoad(pointer, top_, true);
  if (!has_frame_) return;
  b.CreateStore(own_top_, b.CreateStructGEP(type_, frame_, caller_field));
  b.CreateStore(llvm::Constant::getNullValue(pointer), b.CreateStructGEP(type_, frame_, call_field), true);
  b.CreateStore(b.getInt64(0), b.CreateStructGEP(type_, frame_, context_field));
  own_top_ = frame_;
  b.CreateStore(own_top_, top_, true);
}

void frame_emitter::before_call(llvm::CallBase& call, llvm::Constant* site) {
  if (call.isMustTailCall()) return;  // this frame is gone by then
  llvm::IRBuilder<> b(&call);
  b.CreateStore(site, b.CreateStructGEP(type_, frame_, call_field), true);
  if (auto* plain = llvm::dyn_cast<llvm::CallInst>(&call); plain != nullptr && plain->isTailCall())
    plain->setTailCallKind(llvm::CallInst::TCK_None);  // the callee's hooks read our frame
}

void frame_emitter::after_call(llvm::CallBase& call) {
  if (!untrusted_.contains(&call) || call.isMustTailCall()) return;
  if (auto* invoke = llvm::dyn_cast<llvm::InvokeInst>(&call)) {
    llvm::BasicBlock* next = invoke->getNormalDest();
    if (next->getSinglePredecessor() == nullptr) next = llvm::SplitEdge(invoke->getParent(), next);
    set_top(*next->getFirstInsertionPt());
    return;
  }
  llvm::Instruction* next = call.getNextNonDebugInstruction();
  if (next == nullptr || llvm::isa<llvm::UnreachableInst>(next)) return;
  if (has_frame_ && exits_.contains(next)) return;  // which sets it anyway
  set_top(*next);
}

void frame_emitter::leave(llvm::Instruction& exit) {
  llvm::IRBuilder<> b(&exit);
  llvm::Value* caller = b.CreateLoad(b.getPtrTy(), b.CreateStructGEP(type_, frame_, caller_field));
  b.CreateStore(caller, top_, true);
}

void frame_emitter::set_top(llvm::Instruction& before) {
  llvm::IRBuilder<> b(&before);
  b.CreateStore(own_top_, top_, true);
}

}  // namespace snag::plugin
