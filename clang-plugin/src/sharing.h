// SPDX-License-Identifier: Apache-2.0
#pragma once
// Who can see a function's own memory. An access of a local variable (or of a by-value argument) matters only
// if its address may have left the function: the question is asked of the underlying object, not of the
// pointer (llvm#132739), and for the point of the access, loops included.
//
// Writes that a later capture may publish stay checked even though nobody can see them yet: where the address
// is then handed over without synchronisation, the reader races with the initialisation, and only with it.
#include "clang-plugin/src/access.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/IR/Function.h"

namespace snag::plugin {

class sharing {
 public:
  // False: no other goroutine can ever race with this access.
  bool may_be_shared(const llvm::Instruction& at, const llvm::Value& pointer, bool write);
  // Whether the address of a function's own memory leaves it at all.
  bool leaves(const llvm::Value& own_memory);

 private:
  using block_set = llvm::SmallPtrSet<const llvm::BasicBlock*, 16>;
  struct local_object {
    bool captured_somehow = false;  // the search gave up: captured from the start
    llvm::SmallVector<const llvm::Instruction*, 4> captures;
    block_set after;   // blocks that control can reach from the end of a capture's block
    block_set before;  // blocks from whose end control can reach a capture's block
  };
  const local_object& object(const llvm::Value&);
  static bool captured_before(const local_object&, const llvm::Instruction&);
  static bool captured_after(const local_object&, const llvm::Instruction&);

  llvm::DenseMap<const llvm::Value*, local_object> objects_;
};

}  // namespace snag::plugin
