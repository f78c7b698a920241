// SPDX-License-Identifier: Apache-2.0
#pragma once
// The memory that anybody can reach: variables of modules, thread-locals of workers, and what the program has
// mapped. Not the heap, whose blocks are regions of their own, and nothing that is ours.
#include <cstdint>
#include <type_traits>

#include "detector/src/internal_memory.h"

namespace snag::detector {

// pre: nobody changes mappings meanwhile. Calls visit(argument, low, high) for memory that can be read.
// False: there is more, which cannot.
bool visit_root_memory(void (*visit)(void*, std::uintptr_t low, std::uintptr_t high),
                       void* argument) noexcept;

// Whether somebody in another process may have one of the addresses, too: it is mapped MAP_SHARED, or that
// cannot be told.
bool any_is_shared(const vector<std::uintptr_t>& addresses) noexcept;

template <class Visit>
bool for_each_root(Visit&& visit) {
  return visit_root_memory(
      [](void* v, std::uintptr_t low, std::uintptr_t high) {
        (*static_cast<std::remove_reference_t<Visit>*>(v))(low, high);
      },
      &visit);
}

}  // namespace snag::detector
