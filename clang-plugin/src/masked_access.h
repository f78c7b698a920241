// SPDX-License-Identifier: Apache-2.0
#pragma once
// Masked, gathering and scattering vector operations: LLVM's own and x86's.
#include "clang-plugin/src/access.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/IntrinsicInst.h"

namespace snag::plugin {

void find_masked_accesses(llvm::IntrinsicInst&, llvm::SmallVectorImpl<access>& out);

// Before a.at: the address of a lane, and how many bytes of it are touched (0: the mask leaves it out).
struct lane_bytes {
  llvm::Value* pointer;
  llvm::Value* length;
};
lane_bytes emit_lane(llvm::IRBuilder<>&, const access&);

}  // namespace snag::plugin
