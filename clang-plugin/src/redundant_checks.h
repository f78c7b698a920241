// SPDX-License-Identifier: Apache-2.0
#pragma once
// Drops checks that another check of the same basic block makes superfluous. Between two accesses of one
// goroutine with nothing in between that can synchronise, no other goroutine's access can be ordered after
// the first and before the second; so whatever races with one races with the other, if the kept one is a
// write or both are reads, and covers the bytes. Every call ends the span.
#include "clang-plugin/src/access.h"

namespace snag::plugin {

// `accesses` in program order. A read that a write of the same bytes follows is folded into the write.
void drop_redundant_checks(llvm::SmallVectorImpl<access>& accesses);

}  // namespace snag::plugin
