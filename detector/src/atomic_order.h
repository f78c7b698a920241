// SPDX-License-Identifier: Apache-2.0
#pragma once
// What C++20 atomics order (ISO/IEC 14882:2020 [atomics.order], [atomics.fences]; P0982 on release
// sequences). The clock of an atomic object is that of the release sequence its present value belongs to:
//   - a store starts anew: with release the storer's clock; relaxed, what its last release fence published,
//   else
//     nothing (anybody's relaxed store ends the sequence, also that of the thread that began it);
//   - a read-modify-write continues the sequence, and adds its own clock or fence as a store would;
//   - a load joins it with acquire; relaxed, keeps it for a later acquire fence.
// seq_cst is acq_rel for happens-before; consume is acquire. A failed compare-exchange is a load of its own
// order. Pre: the object's lock is held. Not thread-safe otherwise.
#include <cstdint>

#include "detector/src/actor_state.h"
#include "detector/src/sync_table.h"

namespace snag::detector {

// C11's numbers, as in hooks.h.
enum class memory_order : std::uint32_t { relaxed, consume, acquire, release, acq_rel, seq_cst };
constexpr bool acquires(memory_order o) { return o != memory_order::relaxed && o != memory_order::release; }
constexpr bool releases(memory_order o) { return o >= memory_order::release; }

inline void order_load(actor_state& self, const locked_atomic& object, memory_order order) noexcept {
  const known_order* clock = object.clock();
  if (!clock) return;
  if (acquires(order)) {
    self.acquire(*clock);
  } else {
    self.fence_pending.join(*clock);
  }
}

inline void order_store(actor_state& self, locked_atomic& object, memory_order order) noexcept {
  if (releases(order)) {
    self.release_into(object.made_clock());
  } else {
    object.set_clock(self.fence_released);
  }
}

// After order_load.
inline void order_update(actor_state& self, locked_atomic& object, memory_order order) noexcept {
  if (releases(order) && acquires(order)) return self.release_into(object.made_clock());  // it knows the rest
  known_order added = releases(order) ? self.release() : self.fence_released;
  if (added.empty()) return;
  if (const known_order* clock = object.clock()) added.join(*clock);
  object.set_clock(std::move(added));
}

inline void order_fence(actor_state& self, memory_order order) noexcept {
  if (acquires(order)) {
    self.acquire(self.fence_pending);
    self.fence_pending = {};
  }
  if (releases(order)) self.fence_released = self.release();
}

}  // namespace snag::detector
