// SPDX-License-Identifier: Apache-2.0
#include "detector/src/liveness/abandoned.h"

#include <atomic>

#include "detector/src/spin_lock.h"

namespace snag::detector {
namespace {

constinit spin_lock guard_of_all;
constinit unordered_map<std::uint64_t, abandoned_lock>* all = nullptr;
constinit std::atomic<std::size_t> count{0};  // mostly none

}  // namespace

void note_abandoned(events::goroutine_id by, const held_lock& lock) noexcept {
  spin_guard guard(guard_of_all);
  if (all == nullptr) all = internal_new<unordered_map<std::uint64_t, abandoned_lock>>();
  (*all)[lock.address] = {by, lock};
  count = all->size();
}

void forget_abandoned(std::uint64_t address) noexcept {
  if (count.load(std::memory_order_relaxed) == 0) return;
  spin_guard guard(guard_of_all);
  all->erase(address);
  count = all->size();
}

void forget_abandoned_in(std::uint64_t low, std::uint64_t high) noexcept {
  if (count.load(std::memory_order_relaxed) == 0) return;
  spin_guard guard(guard_of_all);
  for (auto at = all->begin(); at != all->end();)
    at = at->first - low < high - low ? all->erase(at) : std::next(at);
  count = all->size();
}

bool find_abandoned(std::uint64_t address, abandoned_lock& out) noexcept {
  if (count.load(std::memory_order_relaxed) == 0) return false;
  spin_guard guard(guard_of_all);
  const auto found = all->find(address);
  if (found == all->end()) return false;
  out = found->second;
  return true;
}

}  // namespace snag::detector
