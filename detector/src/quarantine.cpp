// SPDX-License-Identifier: Apache-2.0
#include "detector/src/quarantine.h"

#include <atomic>
#include <utility>

#include "detector/src/internal_memory.h"

namespace snag::detector {
namespace {

// All full batches but the one that the caller fills.
constexpr std::size_t batches = quarantine_blocks / quarantine_lane::batch_blocks - 1;
constinit std::atomic<quarantine_lane::batch*> full[batches]{};
constinit std::atomic<std::size_t> next_full{0};

quarantine_lane::batch* exchange_for_oldest(quarantine_lane::batch* b) {
  const std::size_t at = next_full.fetch_add(1, std::memory_order_relaxed) % batches;
  return full[at].exchange(b, std::memory_order_acq_rel);
}

}  // namespace

void* quarantine_lane::put(void* block) noexcept {
  if (filling_ == nullptr || next_ == batch_blocks) [[unlikely]] {
    batch* b = std::exchange(filling_, nullptr);
    if (b != nullptr) b = exchange_for_oldest(b);
    if (b == nullptr) b = new (internal_allocate(sizeof(batch))) batch{};
    next_ = 0;
    filling_ = b;
  }
  void*& place = filling_->blocks[next_++];
  std::atomic_signal_fence(std::memory_order_seq_cst);  // a handler takes another place
  return std::exchange(place, block);
}

}  // namespace snag::detector
