// SPDX-License-Identifier: Apache-2.0
// The memory of findings (detector/src/internal_memory.h) outside of a program that is watched: the heap.
#include <new>

#include "detector/finding.h"

namespace snag::detector {

void* internal_allocate(std::size_t bytes) noexcept { return ::operator new(bytes); }
void internal_release(void* block, std::size_t bytes) noexcept { ::operator delete(block, bytes); }

}  // namespace snag::detector
