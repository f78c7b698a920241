// SPDX-License-Identifier: Apache-2.0
#include "detector/src/mapped_memory.h"

#include <algorithm>

namespace snag::detector {

// (Looked at when static destructors have run.)
[[clang::no_destroy]] constinit mapped_memory program_mappings;

void mapped_memory::cut(std::uintptr_t low, std::uintptr_t high) noexcept {
  auto first = std::lower_bound(ranges_.begin(), ranges_.end(), low,
                                [](const range& r, std::uintptr_t a) { return r.high <= a; });
  while (first != ranges_.end() && first->low < high) {
    const range whole = *first;
    first = ranges_.erase(first);
    if (whole.high > high) first = ranges_.insert(first, {high, whole.high, whole.of_file});
    if (whole.low < low) first = ranges_.insert(first, {whole.low, low, whole.of_file}) + 1;
  }
}

void mapped_memory::mapped(std::uintptr_t low, std::uintptr_t high, bool of_file) noexcept {
  if (low >= high) return;
  spin_guard guard(lock_);
  cut(low, high);
  const auto at = std::lower_bound(ranges_.begin(), ranges_.end(), low,
                                   [](const range& r, std::uintptr_t a) { return r.low < a; });
  ranges_.insert(at, {low, high, of_file});
}

void mapped_memory::unmapped(std::uintptr_t low, std::uintptr_t high) noexcept {
  if (low >= high) return;
  spin_guard guard(lock_);
  cut(low, high);
}

}  // namespace snag::detector
