// SPDX-License-Identifier: Apache-2.0
#include "detector/src/lock_order/lock_steps.h"

#include <algorithm>
#include <bit>

namespace snag::detector {

void lock_steps::note_flow(epoch e, std::uint64_t under) noexcept {
  if (flows_.get(e.slot) >= e.time) return;
  for (pending_flow& p : pending_) {
    if (p.at.slot != e.slot || p.under != under) continue;
    p.at.time = std::max(p.at.time, e.time);
    return;
  }
  if (pending_.size() == most_pending)
    flows_.raise(e.slot, e.time);  // at once: too much order is silence
  else
    pending_.push_back({e, under});
}

void lock_steps::settle_flows(std::uint64_t released) noexcept {
  if (pending_.empty()) return;
  std::erase_if(pending_, [&](const pending_flow& p) {
    if (p.under == released) flows_.raise(p.at.slot, p.at.time);
    return p.under == released;
  });
}

bool lock_steps::met_flow(slot_id slot, clock_time since) const noexcept {
  return flows_.get(slot) >= since ||
         std::any_of(pending_.begin(), pending_.end(),
                     [&](const pending_flow& p) { return p.at.slot == slot && p.at.time >= since; });
}

// Each change of order makes an acquisition another one; the first sixteen are told, then ever fewer.
bool lock_steps::is_news(lock_set_id set, std::uint32_t order_changes) noexcept {
  told& t = told_[static_cast<std::uint32_t>(set) % remembered];
  if (t.set != set) {
    t = {set, order_changes, 1};
    return true;
  }
  if (t.order_changes == order_changes) return false;
  t.order_changes = order_changes;
  ++t.times;
  return t.times <= 16 || std::has_single_bit(t.times);
}

void lock_steps::forget_told() noexcept {
  for (told& t : told_) t = {};
}

}  // namespace snag::detector
