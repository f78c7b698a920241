// SPDX-License-Identifier: Apache-2.0
#include "detector/src/deadlock_mode/waiting_party.h"

#include <algorithm>
#include <atomic>

namespace snag::detector {
namespace {

constinit spin_lock guard_of_tables;
constinit unordered_map<std::uint64_t, ended_party>* ended = nullptr;
constinit unordered_map<std::uintptr_t, bool>* of_others = nullptr;
constinit std::atomic<bool> any_of_others{false};

}  // namespace

void waiting_party::make_room() noexcept {
  constexpr std::size_t at_first = 4;
  const std::size_t before = capacity(), after = before == 0 ? at_first : 2 * before;
  auto* const larger = internal_allocator<events::holding>().allocate(after);
  std::copy(first, next, larger);
  internal_allocator<events::holding>().deallocate(first, before);
  next = larger + (next - first);
  first = larger;
  limit = larger + after;
}

void remember_ended(const waiting_party& p) noexcept {
  spin_guard guard(guard_of_tables);
  if (ended == nullptr) ended = internal_new<unordered_map<std::uint64_t, ended_party>>();
  (*ended)[static_cast<std::uint64_t>(p.id)] = {p.id, p.parent, p.kind, p.created};
}

bool find_ended(events::goroutine_id id, ended_party& out) noexcept {
  spin_guard guard(guard_of_tables);
  if (ended == nullptr) return false;
  const auto found = ended->find(static_cast<std::uint64_t>(id));
  if (found == ended->end()) return false;
  out = found->second;
  return true;
}

void note_let_go_by_another(std::uintptr_t lock) noexcept {
  spin_guard guard(guard_of_tables);
  if (of_others == nullptr) of_others = internal_new<unordered_map<std::uintptr_t, bool>>();
  (*of_others)[lock] = true;
  any_of_others.store(true, std::memory_order_release);
}

bool is_let_go_by_others(std::uintptr_t lock) noexcept {
  if (!any_of_others.load(std::memory_order_acquire)) return false;
  spin_guard guard(guard_of_tables);
  return of_others->contains(lock);
}

}  // namespace snag::detector
