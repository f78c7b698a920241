// SPDX-License-Identifier: Apache-2.0
#pragma once
// Declarations of the hooks in a module, with the calling convention and the attributes that let the
// optimiser keep what it knows about the program's own memory: an access hook reads memory (frames), writes
// none of the program's, and comes back.
//
// Hooks are called through the global offset table: the dynamic linker's lazy binding would clobber registers
// that preserve_most keeps (llvm#105588). Where all is linked statically the linker makes a direct call of
// it.
#include "clang-plugin/src/access.h"
#include "detector/hooks.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Module.h"

namespace snag::plugin {

class hook_calls {
 public:
  explicit hook_calls(llvm::Module& module) : module_(module) {}

  // The declaration of an access hook, or of what is called like one.
  llvm::Function& hook(llvm::StringRef name, llvm::ArrayRef<llvm::Value*> arguments);

  void value(llvm::IRBuilder<>&, std::uint64_t size, bool write, llvm::Value* address, llvm::Value* site);
  void range(llvm::IRBuilder<>&, bool write, llvm::Value* address, llvm::Value* bytes, llvm::Value* site);
  void vtable_store(llvm::IRBuilder<>&, llvm::Value* address, llvm::Value* value, llvm::Value* site);

  void scope_end(llvm::IRBuilder<>&, llvm::Value* variable, llvm::Value* bytes, llvm::Value* site);

  // __snag_atomic<bits>_<operation>; calls have C's convention and may synchronise.
  llvm::CallInst* atomic(llvm::IRBuilder<>&, unsigned bits, llvm::StringRef operation, llvm::Type* result,
                         llvm::ArrayRef<llvm::Value*> arguments);
  void fence(llvm::IRBuilder<>&, unsigned order, llvm::Constant* site);

 private:
  void call_access_hook(llvm::IRBuilder<>&, const llvm::Twine& name, llvm::ArrayRef<llvm::Value*> arguments);
  llvm::Module& module_;
};

}  // namespace snag::plugin
