// SPDX-License-Identifier: Apache-2.0
#pragma once
// Functions of the C library that read or write memory of a size that is known beforehand, through an
// argument: at a call of one the memory is accessed, as if by the call. (What depends on data, or must come
// after what the call orders, is the detector's: interpose_*.cpp.)
#include "clang-plugin/src/access.h"

namespace snag::plugin {

void find_c_library_accesses(llvm::Instruction&, llvm::SmallVectorImpl<access>& out);

}  // namespace snag::plugin
