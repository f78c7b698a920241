// SPDX-License-Identifier: Apache-2.0
#pragma once
// Locks whose holder has ended without unlocking them. Thread-safe.
#include <cstdint>

#include "detector/src/lock_sets.h"
#include "runtime/events.h"

namespace snag::detector {

struct abandoned_lock {
  events::goroutine_id by = events::goroutine_id::none;
  held_lock lock;
};
void note_abandoned(events::goroutine_id, const held_lock&) noexcept;
// It was unlocked by another, has ended, or is a new one at its address.
void forget_abandoned(std::uint64_t address) noexcept;
void forget_abandoned_in(std::uint64_t low, std::uint64_t high) noexcept;
bool find_abandoned(std::uint64_t address, abandoned_lock& out) noexcept;

}  // namespace snag::detector
