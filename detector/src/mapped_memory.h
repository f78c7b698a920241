// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the program has mapped by itself, as far as it is its own to fill: not the stacks of goroutines and
// not what the C library maps for malloc. Thread-safe.
#include <cstdint>

#include "detector/src/internal_memory.h"
#include "detector/src/spin_lock.h"

namespace snag::detector {

class mapped_memory {
 public:
  struct range {
    std::uintptr_t low, high;
    bool of_file;  // reading may fail: beyond the file's end there is nothing
  };
  void mapped(std::uintptr_t low, std::uintptr_t high, bool of_file) noexcept;
  void unmapped(std::uintptr_t low, std::uintptr_t high) noexcept;

  // pre: nobody maps or unmaps meanwhile.
  const vector<range>& ranges() const noexcept { return ranges_; }

 private:
  void cut(std::uintptr_t low, std::uintptr_t high) noexcept;

  spin_lock lock_;
  vector<range> ranges_;  // disjoint, sorted
};

extern mapped_memory program_mappings;

}  // namespace snag::detector
