// SPDX-License-Identifier: Apache-2.0
#include "detector/src/liveness/lock_chase.h"

#include "detector/src/liveness/blocked.h"
#include "detector/src/lock_sets.h"

namespace snag::detector {
namespace {

// What an actor waits for, if that is one lock.
std::uint64_t awaited_lock(const actor_state& a) {
  if (a.waits == nullptr || a.waits->count != 1) return 0;
  const events::wait_target& t = a.waits->targets()[0];
  const bool locks =
      t.operation == events::wait_operation::lock || t.operation == events::wait_operation::lock_shared;
  return locks && t.on != nullptr ? reinterpret_cast<std::uint64_t>(events::address_of(*t.on)) : 0;
}

}  // namespace

bool seems_to_close_a_cycle(const actor_state& self) noexcept {
  // Only who waits and holds can be part of one.
  unordered_map<std::uint64_t, vector<const actor_state*>> before;  // by lock: who has to go on first
  actor_state::for_each([&](const actor_state& a) {
    const std::uint64_t awaited = awaited_lock(a);
    if (awaited == 0 || a.locks == lock_set_id::none) return;
    for (lock_set_id s = a.locks; s != lock_set_id::none; s = held_locks.rest(s))
      before[held_locks.latest(s).address].push_back(&a);
    if (a.waits->targets()[0].operation == events::wait_operation::lock) before[awaited].push_back(&a);
  });
  vector<const actor_state*> open{&self};
  unordered_map<const actor_state*, bool> seen;
  while (!open.empty()) {
    const actor_state* const a = open.back();
    open.pop_back();
    const auto next = before.find(awaited_lock(*a));
    if (next == before.end()) continue;
    for (const actor_state* b : next->second) {
      // (A writer is not before itself in its queue.)
      if (b == &self) {
        bool holds = false;
        for (lock_set_id s = self.locks; s != lock_set_id::none; s = held_locks.rest(s))
          holds = holds || held_locks.latest(s).address == next->first;
        if (holds) return true;
        continue;
      }
      if (seen.emplace(b, true).second) open.push_back(b);
    }
  }
  return false;
}

}  // namespace snag::detector
