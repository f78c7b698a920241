// SPDX-License-Identifier: Apache-2.0
#pragma once
// Memory comes and goes. Fresh memory is a write by whoever asked for it (publication without synchronisation
// is then a race with a name); freed memory keeps the free as its last write until it is handed out again (an
// access that is not ordered with the free is a race). Blocks that the C library may give back to the kernel
// by itself, and the stacks of ended goroutines and threads, are forgotten at once: somebody else may be
// there next.
#include <cstdint>

namespace snag::detector {

// No access of [begin, end) is known any more, and no atomic's clock. Pre: inside the core; the memory is
// dead.
void forget_memory(std::uint64_t begin, std::uint64_t end) noexcept;

}  // namespace snag::detector
