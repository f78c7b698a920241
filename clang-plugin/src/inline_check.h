// SPDX-License-Identifier: Apache-2.0
#pragma once
// The inline check of hooks.h in IR, and which hook stands behind it. The cell is a monotonic atomic load.
// The window's two words are volatile loads relative to gs: they are read again by every check, so neither a
// hook that has just widened the window nor a call that comes back on another OS thread leaves an old value
// in a register; and being plain loads they fold into the subtraction and the comparison.
#include "clang-plugin/src/access.h"
#include "clang-plugin/src/hook_calls.h"
#include "llvm/IR/Constants.h"

namespace snag::plugin {

class check_emitter {
 public:
  explicit check_emitter(hook_calls& hooks) : hooks_(hooks) {}
  void emit(const access&, llvm::Constant* site, bool inlined);

 private:
  void emit_inlined(const access&, llvm::Constant* site);
  void call_hook(llvm::IRBuilder<>&, const access&, llvm::Constant* site);
  hook_calls& hooks_;
};

// A word of hooks::hot_state.
llvm::Constant* hot_word(llvm::LLVMContext&, std::uint64_t offset);

}  // namespace snag::plugin
