// SPDX-License-Identifier: Apache-2.0
// race.h, the core's side for the reporter and the interposers, where accesses are not checked.
#include "detector/src/context_tree.h"
#include "detector/src/deadlock_mode/native_places.h"
#include "detector/src/deadlock_mode/waiting_party.h"
#include "detector/src/liveness/abandoned.h"
#include "detector/src/liveness/check.h"
#include "detector/src/race.h"
#include "detector/src/world.h"

namespace snag::detector {

bool find_actor(events::goroutine_id id, actor_facts& facts) noexcept {
  if (id == events::goroutine_id::none) return false;
  place created;
  bool found = false;
  {
    thread_state& t = this_thread();
    const core_scope scope(t);  // if we are inside already, so much the better
    party::for_each([&](const party& p) {
      if (p.id != id) return;
      const auto& w = static_cast<const waiting_party&>(p);
      // (The name may change as long as it lives; reports are of those who do nothing any more.)
      facts = {id, w.parent, w.kind, w.of->name, false, nullptr, w.created.context};
      created = w.created;
      found = true;
    });
    if (ended_party e; !found && find_ended(id, e)) {
      facts = {id, e.parent, e.kind, nullptr, true, nullptr, e.created.context};
      created = e.created;
      found = true;
    }
  }
  if (!found) return false;
  name_place(created);
  facts.created_site = sites[created.site];
  return true;
}

void visit_locks(lock_set_id, void (*)(void*, const lock_facts&), void*) noexcept {}

events::goroutine_id find_stack(const void* address) noexcept {
  thread_state& t = this_thread();
  const core_scope scope(t);
  const auto a = reinterpret_cast<std::uintptr_t>(address);
  auto found = events::goroutine_id::none;
  party::for_each([&](const party& p) {
    if (a >= p.stack.low && a < p.stack.high) found = p.id;
  });
  return found;
}

coverage_gaps gaps() noexcept { return {}; }

core_usage usage() noexcept {
  core_usage u{};
  u.waits_only = true;
  const looks_taken taken = looks();
  u.looks = taken.count;
  u.longest_look = taken.longest;
  u.all_looks = taken.all;
  u.looks_on_processor = taken.processor;
  u.contexts = contexts.size();
  u.context_bytes = contexts.bytes();
  u.other_bytes = internal_bytes_in_use() + contexts.node_bytes();
  return u;
}

position here() noexcept { return {nullptr, context_id::root}; }
const hooks::site* call_in_progress() noexcept { return nullptr; }
position position_of(std::uint32_t) noexcept { return here(); }

events::goroutine_id current_actor() noexcept {
  const party* const p = this_thread().acts;
  return p != nullptr ? p->id : events::goroutine_id::none;
}

// (Joins and detachments are not told.)
void tell_unjoined_threads(int) noexcept {}

block_maker on_allocated(const void*, std::size_t) noexcept { return {current_actor(), 0}; }
bool on_freed(const void* block, std::size_t bytes) noexcept {
  const auto low = reinterpret_cast<std::uint64_t>(block);
  forget_abandoned_in(low, low + bytes);
  return false;
}
void on_sent(kernel_channel) noexcept {}
void on_received(kernel_channel) noexcept {}
void on_unmapped(const void* begin, std::size_t bytes) noexcept { on_freed(begin, bytes); }

}  // namespace snag::detector
