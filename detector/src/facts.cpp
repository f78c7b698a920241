// SPDX-License-Identifier: Apache-2.0
// race.h, the core's side for the reporter: who, where, and what led there.
#include <functional>
#include <string_view>
#include <unordered_set>

#include "detector/src/access_set.h"
#include "detector/src/context_tree.h"
#include "detector/src/entry.h"
#include "detector/src/internal_memory.h"
#include "detector/src/liveness/check.h"
#include "detector/src/lock_sets.h"
#include "detector/src/record_store.h"
#include "detector/src/site_registry.h"
#include "detector/src/touched_map.h"

namespace snag::detector {
namespace {

// Names are few, and a report may outlive the actor it names: kept for ever.
const char* lasting(const string& name) noexcept {
  using string_set =
      std::unordered_set<string, std::hash<std::string_view>, std::equal_to<>, internal_allocator<string>>;
  static constinit spin_lock lock;
  static constinit string_set* names = nullptr;
  spin_guard guard(lock);
  if (!names) names = internal_new<string_set>();
  return names->insert(name).first->c_str();
}

}  // namespace

bool find_actor(events::goroutine_id id, actor_facts& facts) noexcept {
  thread_state& t = this_thread();
  const core_scope scope(t);  // if we are inside already, so much the better
  incarnation who;
  if (id == events::goroutine_id::none || !slots.find(id, who)) return false;
  facts = {who.id,
           who.parent,
           who.kind,
           who.name.empty() ? nullptr : lasting(who.name),
           who.ended,
           sites[who.created_site],
           who.created_context};
  return true;
}

void visit_locks(lock_set_id set, void (*visit)(void*, const lock_facts&), void* argument) noexcept {
  for (; set != lock_set_id::none; set = held_locks.rest(set)) {
    const held_lock& l = held_locks.latest(set);
    visit(argument, {l.address, l.kind, l.mode, sites[l.where.site], l.where.context});
  }
}

events::goroutine_id find_stack(const void* address) noexcept {
  thread_state& t = this_thread();
  const core_scope scope(t);
  const auto a = reinterpret_cast<std::uintptr_t>(address);
  auto found = events::goroutine_id::none;
  actor_state::for_each([&](const actor_state& s) {
    if (a >= s.stack.low && a < s.stack.high && s.who()) found = s.who()->id;
  });
  return found;
}

coverage_gaps gaps() noexcept {
  coverage_gaps g{};
  for_each_thread([&](const thread_state& t) {
    g.in_signal_handlers += t.skipped_inside;
    g.by_nobody += t.skipped_nobody;
    g.without_stack += t.stale_frames;
  });
  g.unrecorded = unrecorded_accesses() + sets.lost();
  g.without_locks = held_locks.unmentioned();
  return g;
}

core_usage usage() noexcept {
  core_usage u{};
  for (std::size_t i = 0; i < sites.modules(); ++i) {
    ++u.modules;
    for (const hooks::site& s : sites.module(i))
      if (s.kind == hooks::site_kind::read || s.kind == hooks::site_kind::write ||
          s.kind == hooks::site_kind::atomic)
        ++u.access_sites;
  }
  for_each_thread([&](const thread_state& t) { u.ignored += t.ignored; });
  const looks_taken taken = looks();
  u.looks = taken.count;
  u.longest_look = taken.longest;
  u.all_looks = taken.all;
  u.looks_on_processor = taken.processor;
  u.records = records.survivors() + records.taken_since_sweep();
  touched.for_each([&](std::uint64_t, plane p) {
    if (p != plane::atomics) u.shadow_bytes += touched_map::page_size;
  });
  u.contexts = contexts.size();
  u.context_bytes = contexts.bytes();
  u.other_bytes = internal_bytes_in_use() + contexts.node_bytes() + u.records * sizeof(access_record);
  return u;
}

position here() noexcept {
  thread_state& t = this_thread();
  const core_scope scope(t);
  if (!t.actor || !t.hot.top) return {nullptr, context_id::root};
  const stack_window w = live_stack(*t.actor, __builtin_frame_address(0));
  hooks::frame* const top = valid_top(t.calls, t.hot.top, w);
  if (!top) return {nullptr, context_id::root};
  return {top->call, scope ? context_of(t.calls, top, w) : context_id{top->context}};
}

const hooks::site* call_in_progress() noexcept {
  thread_state& t = this_thread();
  if ((t.inside.load(std::memory_order_relaxed) | t.internal_scopes) != 0 || !t.actor) return nullptr;
  const hooks::frame* const top =
      valid_top(t.calls, t.hot.top, live_stack(*t.actor, __builtin_frame_address(0)));
  return top ? top->call : nullptr;
}

position position_of(std::uint32_t where) noexcept {
  if (where == 0) return {nullptr, context_id::root};
  const context_id c{where};
  return {sites[contexts.call(c)], contexts.parent(c)};
}

events::goroutine_id current_actor() noexcept {
  const thread_state& t = this_thread();
  const incarnation* who = t.actor ? t.actor->who() : nullptr;
  return who ? who->id : events::goroutine_id::none;
}

}  // namespace snag::detector
