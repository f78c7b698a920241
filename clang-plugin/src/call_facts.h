// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a call means for the frames of hooks.h.
#include <cstdint>

#include "clang-plugin/src/function_index.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/IR/InstrTypes.h"

namespace snag::plugin {

// The function a call certainly reaches; null if indirect.
const llvm::Function* callee_of(const llvm::CallBase&);

// Somebody below the call may look at the caller's frame: instrumented code, the runtime, an interposed
// library function. Not intrinsics (unless they become library calls), the hooks themselves, mathematics.
bool is_visible_call(const llvm::CallBase&, const llvm::TargetLibraryInfo&);

// A function of the C or C++ library that never calls back into the program.
bool keeps_to_itself(const llvm::Function&, const llvm::TargetLibraryInfo&);

// A function that the detector stands before (detector/src/interpose_strings.cpp): it must stay a call.
bool is_checked_by_library(const llvm::Function& callee);

std::uint8_t call_site_flags(const llvm::CallBase&, function_index&);

}  // namespace snag::plugin
