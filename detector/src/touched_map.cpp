// SPDX-License-Identifier: Apache-2.0
#include "detector/src/touched_map.h"

#include "detector/src/internal_memory.h"

namespace snag::detector {

constinit touched_map touched;

void touched_map::ensure_table() noexcept {
  if (words_) return;
  words_ = static_cast<std::atomic<std::uint64_t>*>(internal_reserve(capacity * sizeof(std::uint64_t)));
  listed_chunks_ = static_cast<std::atomic<std::uint64_t>*>(internal_reserve(capacity / 8));
  chunks_ = static_cast<std::atomic<std::uint32_t>*>(internal_reserve(capacity * sizeof(std::uint32_t)));
}

void touched_map::mark_slow(std::atomic<std::uint64_t>& word, std::uint64_t chunk,
                            std::uint64_t bit) noexcept {
  const std::uint64_t old = word.fetch_or(bit | listed, std::memory_order_relaxed);
  if (old & listed) return;
  listed_chunks_[chunk / 64].fetch_or(std::uint64_t{1} << (chunk % 64), std::memory_order_relaxed);
  const std::size_t at = listed_.fetch_add(1, std::memory_order_acq_rel);
  chunks_[at].store(static_cast<std::uint32_t>(chunk), std::memory_order_relaxed);
}

}  // namespace snag::detector
