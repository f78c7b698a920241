// SPDX-License-Identifier: Apache-2.0
#pragma once
// std::pmr's resources as the interposers see them, of libstdc++ and of libc++: objects behind a vtable
// pointer.
#include <cstddef>

#include "detector/src/call_checks.h"

namespace snag::detector {

using allocate_function = void*(void* resource, std::size_t bytes, std::size_t alignment);
using deallocate_function = void(void* resource, void* block, std::size_t bytes, std::size_t alignment);

// A resource for one thread at a time is written by each use.
inline void use_resource(void* resource) {
  call_checks().writes(static_cast<std::byte*>(resource) + sizeof(void*), sizeof(void*));
}

}  // namespace snag::detector
