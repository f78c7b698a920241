// SPDX-License-Identifier: Apache-2.0
#include "detector/src/liveness/lock_chase.h"

#include "detector/src/liveness/blocked.h"
#include "detector/src/liveness/sources.h"
#include "detector/src/object_kinds.h"

namespace snag::detector {
namespace {

// What an actor waits for, if that is one lock.
std::uint64_t awaited_lock(const party& a) {
  if (a.waits == nullptr || a.waits->count != 1) return 0;
  const events::wait_target& t = a.waits->targets()[0];
  const bool locks =
      t.on != nullptr && (t.operation == events::wait_operation::lock ||
                          t.operation == events::wait_operation::lock_shared || is_once(t.on->kind));
  return locks ? reinterpret_cast<std::uint64_t>(events::address_of(*t.on)) : 0;
}

}  // namespace

bool seems_to_close_a_cycle(const party& self) noexcept {
  // Only who waits and holds can be part of one.
  unordered_map<std::uint64_t, vector<const party*>> before;  // by lock: who has to go on first
  party::for_each([&](const party& a) {
    const std::uint64_t awaited = awaited_lock(a);
    if (awaited == 0 || !holds_any(a)) return;
    for_each_held(a, [&](const held_lock& l) { before[l.address].push_back(&a); });
    if (a.waits->targets()[0].operation == events::wait_operation::lock) before[awaited].push_back(&a);
  });
  vector<const party*> open{&self};
  unordered_map<const party*, bool> seen;
  while (!open.empty()) {
    const party* const a = open.back();
    open.pop_back();
    const auto next = before.find(awaited_lock(*a));
    if (next == before.end()) continue;
    for (const party* b : next->second) {
      // (A writer is not before itself in its queue.)
      if (b == &self) {
        bool holds = false;
        for_each_held(self, [&](const held_lock& l) { holds = holds || l.address == next->first; });
        if (holds) return true;
        continue;
      }
      if (seen.emplace(b, true).second) open.push_back(b);
    }
  }
  return false;
}

}  // namespace snag::detector
