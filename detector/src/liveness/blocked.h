// SPDX-License-Identifier: Apache-2.0
#pragma once
// What an actor is parked for, from on_blocked until on_unblocked. Written by whoever parks or readies it,
// which the runtime orders.
#include <cstdint>
#include <span>

#include "detector/src/frames.h"
#include "detector/src/internal_memory.h"
#include "runtime/events.h"

namespace snag::detector {

struct blocked {
  events::wait_reason reason;
  events::wait_mode mode;
  std::uint32_t count;
  place where;
  events::site site;
  std::uint64_t order;    // by count_wait_events: under one lock, who came first in its queue
  std::int64_t since;     // nanoseconds of CLOCK_MONOTONIC
  bool reported = false;  // is dead, and has been told of
  // Where the frame begins that the waiting operation returns to, and its frame pointer; 0: not told.
  std::uintptr_t users_part = 0, users_frame = 0;

  std::span<const events::wait_target> targets() const noexcept {
    return {reinterpret_cast<const events::wait_target*>(this + 1), count};
  }
  static blocked* make(events::wait_reason, events::wait_mode, std::span<const events::wait_target>, place,
                       events::site) noexcept;
  static void drop(blocked*) noexcept;  // may be null
};

// What has happened since the start that may leave somebody waiting for ever: somebody blocked, or ended.
// Answers what the count was before.
std::uint64_t count_wait_events(std::uint64_t more) noexcept;

std::int64_t monotonic_now() noexcept;  // nanoseconds

}  // namespace snag::detector
