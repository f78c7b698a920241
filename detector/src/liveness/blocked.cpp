// SPDX-License-Identifier: Apache-2.0
#include "detector/src/liveness/blocked.h"

#include <time.h>

#include <algorithm>
#include <atomic>

namespace snag::detector {
namespace {

constinit std::atomic<std::uint64_t> wait_events{0};

std::size_t bytes_for(std::size_t targets) { return sizeof(blocked) + targets * sizeof(events::wait_target); }

}  // namespace

static_assert(alignof(events::wait_target) <= alignof(blocked) && sizeof(blocked) % alignof(void*) == 0);

std::uint64_t count_wait_events(std::uint64_t more) noexcept {
  return wait_events.fetch_add(more, std::memory_order_relaxed);
}

std::int64_t monotonic_now() noexcept {
  timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1'000'000'000 + t.tv_nsec;
}

blocked* blocked::make(events::wait_reason reason, events::wait_mode mode,
                       std::span<const events::wait_target> targets, place where,
                       events::site site) noexcept {
  auto* const b = ::new (internal_allocate(bytes_for(targets.size()))) blocked{
      reason,         mode, static_cast<std::uint32_t>(targets.size()), where, site, count_wait_events(1),
      monotonic_now()};
  std::copy(targets.begin(), targets.end(), reinterpret_cast<events::wait_target*>(b + 1));
  return b;
}

void blocked::drop(blocked* b) noexcept {
  if (b != nullptr) internal_release(b, bytes_for(b->count));
}

}  // namespace snag::detector
