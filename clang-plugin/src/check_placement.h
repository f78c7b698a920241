// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where a check in place is worth its space: in loops. Elsewhere a stub does it. Blocks that can never reach
// a return, which are those of exceptions on their way out and of failed assertions, call the hook.
#include "clang-plugin/src/inline_check.h"
#include "clang-plugin/src/options.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/Function.h"

namespace snag::plugin {

class check_placement {
 public:
  check_placement(const llvm::Function&, const llvm::LoopInfo&, check_places);
  check_way way_at(const llvm::BasicBlock&) const;

 private:
  const llvm::LoopInfo& loops_;
  check_places places_;
  llvm::SmallPtrSet<const llvm::BasicBlock*, 32> returning_;
};

}  // namespace snag::plugin
