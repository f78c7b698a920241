// SPDX-License-Identifier: Apache-2.0
#pragma once
// What an interposed function does to the program's memory, checked at the call in the user's code.
#include <cstddef>

#include "detector/src/heap_blocks.h"
#include "detector/src/interpose.h"

namespace snag::detector {

// The checks of one call.
class call_checks {
 public:
  call_checks() : call_(checked_call()) {}
  call_checks& reads(const void* p, std::size_t n) {
    if (call_ && n != 0 && !library_owns(p)) __snag_read_range(p, n, call_);
    return *this;
  }
  call_checks& writes(const void* p, std::size_t n) {
    if (call_ && n != 0 && !library_owns(p)) __snag_write_range(p, n, call_);
    return *this;
  }
  explicit operator bool() const { return call_ != nullptr; }

 private:
  const hooks::site* call_;
};

}  // namespace snag::detector
