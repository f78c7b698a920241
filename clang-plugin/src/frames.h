// SPDX-License-Identifier: Apache-2.0
#pragma once
// Gives a function that makes visible calls its hooks::frame: linked on entry, told of each call, unlinked on
// every way out, and linked again wherever control may come back from frames that never unlinked themselves
// (a caught exception, a longjmp, a callback that threw through unknown code).
//
// The runtime's own functions in its headers get none, unless user code was inlined into them; but where they
// may go on after such a return, the top frame becomes again what it was when they were entered.
#include "clang-plugin/src/call_facts.h"
#include "clang-plugin/src/site_table.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/IR/Instructions.h"

namespace snag::plugin {

class frame_emitter {
 public:
  // `leaves_top` says of a callee that it is sure to restore its caller's frame itself.
  frame_emitter(llvm::Function&, const llvm::TargetLibraryInfo&, function_index&,
                llvm::function_ref<bool(const llvm::Function&)> leaves_top);

  bool has_frame() const { return has_frame_; }
  void emit(site_table&);

 private:
  void link();
  void before_call(llvm::CallBase&, llvm::Constant* site);
  void after_call(llvm::CallBase&);
  void leave(llvm::Instruction& exit);
  void set_top(llvm::Instruction& before);

  llvm::Function& function_;
  function_index& functions_;
  bool has_frame_ = false;
  std::vector<llvm::CallBase*> calls_;
  llvm::SmallPtrSet<const llvm::CallBase*, 16> untrusted_;  // may return with another frame on top
  llvm::SmallPtrSet<llvm::Instruction*, 4> exits_;
  std::vector<llvm::BasicBlock*> landing_pads_;
  llvm::AllocaInst* frame_ = nullptr;
  llvm::Value* own_top_ = nullptr;  // what is on top while this function runs: its frame, or its caller's
  llvm::StructType* type_ = nullptr;
  llvm::Constant* top_;  // gs:16
};

}  // namespace snag::plugin
