// SPDX-License-Identifier: Apache-2.0
#pragma once
// Gives a function that makes visible calls its hooks::frame: linked on entry, told of each call, unlinked on
// every way out, and linked again wherever control may come back from frames that never unlinked themselves
// (a caught exception, a longjmp, a callback that threw through unknown code).
#include "clang-plugin/src/call_facts.h"
#include "clang-plugin/src/site_table.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/IR/Instructions.h"

namespace snag::plugin {

class frame_emitter {
 public:
  // Lists the visible calls. `leaves_top` says of a callee that it is sure to restore the caller's frame
  // itself.
  frame_emitter(llvm::Function&, const llvm::TargetLibraryInfo&,
                llvm::function_ref<bool(const llvm::Function&)> leaves_top);

  bool needed() const { return !calls_.empty(); }
  const std::vector<llvm::CallBase*>& calls() const { return calls_; }
  void emit(site_table&, function_index&);

 private:
  void link(llvm::LLVMContext&);
  void before_call(llvm::CallBase&, llvm::Constant* site);
  void after_call(llvm::CallBase&);
  void leave(llvm::Instruction& exit);
  void relink_before(llvm::Instruction&);

  llvm::Function& function_;
  std::vector<llvm::CallBase*> calls_;
  llvm::SmallPtrSet<const llvm::CallBase*, 16> untrusted_;  // may return with another frame on top
  std::vector<llvm::Instruction*> exits_;
  llvm::AllocaInst* frame_ = nullptr;
  llvm::StructType* type_ = nullptr;
  llvm::Constant* top_ = nullptr;  // gs:16
};

}  // namespace snag::plugin
