// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where an inline check would only take space: blocks that can never reach a return, which are those of
// exceptions on their way out and of failed assertions, and functions that are compiled for size.
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/IR/Function.h"

namespace snag::plugin {

class rare_blocks {
 public:
  explicit rare_blocks(const llvm::Function&);
  bool contains(const llvm::BasicBlock& b) const { return everything_ || !returning_.contains(&b); }

 private:
  bool everything_;
  llvm::SmallPtrSet<const llvm::BasicBlock*, 32> returning_;
};

}  // namespace snag::plugin
