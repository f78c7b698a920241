// SPDX-License-Identifier: Apache-2.0
#include "detector/src/lock_sets.h"

namespace snag::detector {

constinit lock_sets held_locks;

std::uint64_t lock_sets::node::hash() const noexcept {
  std::uint64_t h = lock.address;
  for (const std::uint64_t part :
       {std::uint64_t{static_cast<std::uint32_t>(lock.where.site)} << 32 |
            static_cast<std::uint32_t>(lock.where.context),
        std::uint64_t{static_cast<std::uint32_t>(rest)} << 16 | static_cast<std::uint64_t>(lock.kind) << 8 |
            static_cast<std::uint64_t>(lock.mode)}) {
    h = (h ^ part) * 0x9e3779b97f4a7c15u;
    h ^= h >> 32;
  }
  return h;
}

lock_set_id lock_sets::with(lock_set_id set, const held_lock& lock) noexcept {
  const lock_set_id number{nodes_.number_of({lock, set})};
  if (number != lock_set_id::none) return number;
  unmentioned_.fetch_add(1, std::memory_order_relaxed);
  return set;
}

lock_set_id lock_sets::without(lock_set_id set, std::uint64_t address, events::lock_mode mode) noexcept {
  if (set == lock_set_id::none) return set;
  const held_lock& top = latest(set);
  if (top.address == address && top.mode == mode) return rest(set);
  const lock_set_id others = without(rest(set), address, mode);
  return others == rest(set) ? set : with(others, top);
}

}  // namespace snag::detector
