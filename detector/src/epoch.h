// SPDX-License-Identifier: Apache-2.0
#pragma once
// Points in logical time. A slot is one goroutine incarnation's index in clocks (slot_table.h); its time
// counts its releases, from 1. An epoch names everything an incarnation did between two of its releases.
#include <cstdint>

namespace snag::detector {

enum class slot_id : std::uint32_t { none = 0 };
using clock_time = std::uint32_t;

struct epoch {
  slot_id slot = slot_id::none;
  clock_time time = 0;
  friend constexpr bool operator==(epoch, epoch) = default;
  constexpr explicit operator bool() const { return slot != slot_id::none; }
};
static_assert(sizeof(epoch) == 8);

}  // namespace snag::detector
