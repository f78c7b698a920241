// SPDX-License-Identifier: Apache-2.0
#pragma once
// The inline check of hooks.h in IR, and which hook stands behind it. It takes 60 to 90 bytes; where that is
// more than it is worth, a function of the detector's makes the same check (a stub, detector/check_stubs.h),
// and takes the call: 16 bytes, and some two cycles. The cell is a monotonic atomic load.
// The window's two words are volatile loads relative to gs: they are read again by every check, so neither a
// hook that has just widened the window nor a call that comes back on another OS thread leaves an old value
// in a register; and being plain loads they fold into the subtraction and the comparison.
#include "clang-plugin/src/access.h"
#include "clang-plugin/src/hook_calls.h"
#include "llvm/IR/Constants.h"

namespace snag::plugin {

enum class check_way : std::uint8_t { in_place, by_stub, by_hook };

class check_emitter {
 public:
  explicit check_emitter(hook_calls& hooks) : hooks_(hooks) {}
  void emit(const access&, llvm::Constant* site, check_way);

 private:
  void emit_in_place(const access&, llvm::Value* site);
  void call_stub(const access&, llvm::Constant* site);
  void call_hook(llvm::IRBuilder<>&, const access&, llvm::Value* site);
  hook_calls& hooks_;
};

// A word of hooks::hot_state.
llvm::Constant* hot_word(llvm::LLVMContext&, std::uint64_t offset);

}  // namespace snag::plugin
