// SPDX-License-Identifier: Apache-2.0
#include "detector/src/liveness/scope_end.h"

#include <algorithm>
#include <utility>

#include "detector/src/liveness/blocked.h"
#include "detector/src/liveness/check.h"
#include "detector/src/liveness/sources.h"
#include "detector/src/site_registry.h"
#include "detector/src/world.h"

namespace snag::detector {
namespace {

using events::scope_rest;

// One of a scope's own that has not ended.
struct member {
  events::goroutine_id id;
  bool waits;
  events::wait_reason reason = events::wait_reason::none;
  place where, created;
  std::int64_t since = 0;
  vector<raw_wait_target> targets;
  bool operator<(const member& m) const { return id < m.id; }
  bool waits_like(const member& m) const { return reason == m.reason && where == m.where; }
};

member describe_member(const party& a) {
  member m{.id = a.id, .waits = a.waits != nullptr, .where = {}, .created = where_created(a), .targets = {}};
  if (a.waits == nullptr) return m;
  m.reason = a.waits->reason;
  m.where = where_waits(a);
  m.since = a.waits->since;
  for (const events::wait_target& t : a.waits->targets())
    m.targets.push_back({t.operation,
                         t.on != nullptr ? t.on->kind : events::object_kind::other,
                         t.on != nullptr ? reinterpret_cast<std::uint64_t>(events::address_of(*t.on)) : 0,
                         {}});
  return m;
}

// Whoever counts, but for the caller. `claim`: all of the scope's own are left over from now on, those that
// it ignores included: nobody else tells of them.
vector<member> members_of(const scope_record& s, bool claim) {
  vector<member> out;
  thread_state& t = this_thread();
  const core_scope inside(t);
  if (!inside) return out;
  while (!world.stop(t)) {
  }
  const party* const self = party_on(t);
  party::for_each([&](party& a) {
    if (&a == self || !s.holds(a)) return;
    if (s.counts(a)) out.push_back(describe_member(a));
    a.left_over = a.left_over || claim;
  });
  world.resume();
  for (const member& m : out) name_place_of(m.where);
  std::sort(out.begin(), out.end());
  return out;
}

// Names are looked at while the program runs: they have to be found first. Whoever did not fit may do so
// later, when it waits somewhere else.
void pass_over_those_ignored(scope_record& s, vector<member>& members) {
  if (s.ignored.empty()) return;
  std::erase_if(members, [&](const member& m) {
    if (!fits_actor(s.ignored, m.id, sites[m.where.site], m.where.context)) return false;
    s.passed_over.emplace(static_cast<std::uint64_t>(m.id), true);
    return true;
  });
}

// Those that were started at one place, by the ways in which they wait.
void tell_of(const vector<const member*>& group, scope_record& s) {
  constexpr std::size_t most_kinds = 16;
  const std::int64_t now = monotonic_now();
  vector<raw_wait> waits;
  vector<const member*> firsts;
  for (const member* m : group) {
    std::size_t i = 0;
    while (i < firsts.size() && !m->waits_like(*firsts[i])) ++i;
    if (i < firsts.size()) {
      ++waits[i].alike;
      continue;
    }
    if (i == most_kinds) continue;
    firsts.push_back(m);
    waits.push_back({m->id, m->reason, sites[m->where.site], m->where.context,
                     m->waits ? static_cast<double>(now - m->since) * 1e-9 : -1, 0, m->targets});
  }
  const raw_scope scope[] = {s.raw()};
  const raw_deadlock d{
      .shape = deadlock_shape::still_running, .waits = waits, .times = group.size(), .scopes = scope};
  told_finding became;
  report(d, &became);
  if (became.kept) s.note(became);
}

}  // namespace

scope_rest rest_of(scope_record& s) noexcept {
  if (nobody_is_looked_for()) return scope_rest::none;
  vector<member> members = members_of(s, false);
  pass_over_those_ignored(s, members);
  if (members.empty()) return scope_rest::none;
  if (std::any_of(members.begin(), members.end(), [](const member& m) { return !m.waits; }))
    return scope_rest::running;
  return somebody_lives_in(s) ? scope_rest::waiting : scope_rest::none;
}

namespace {

void tell_left_over(scope_record& s) noexcept {
  if (nobody_is_looked_for()) return;
  look_for_deadlocks_in(s);
  vector<member> members = members_of(s, false);
  pass_over_those_ignored(s, members);
  members = members_of(s, true);
  vector<bool> told(members.size(), false);
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (told[i]) continue;
    vector<const member*> group;
    for (std::size_t j = i; j < members.size(); ++j) {
      if (told[j] || !(members[j].created == members[i].created)) continue;
      told[j] = true;
      group.push_back(&members[j]);
    }
    tell_of(group, s);
  }
}

}  // namespace

void open_scope(party& self, events::scope& scope, place opened_at) noexcept {
  auto* const s = internal_new<scope_record>();
  if (scope.name != nullptr) s->name = scope.name;
  if (scope.file != nullptr) s->file = scope.file;
  s->line = scope.line;
  s->opened_at = opened_at;
  for (const char* pattern : scope.ignored) s->patterns.emplace_back(pattern);
  for (const string& pattern : s->patterns) s->ignored.push_back(pattern.c_str());
  s->outer = std::exchange(self.childrens_scope, keep(s));  // (the actor kept that one)
  scope.slot.state = s;
}

void close_scope(party& self, events::scope& scope, void (*tell)(void*, const events::scope_finding&),
                 void* to) noexcept {
  auto* const s = static_cast<scope_record*>(std::exchange(scope.slot.state, nullptr));
  name_place_of(s->opened_at);
  tell_left_over(*s);
  vector<told_finding> found;
  {
    const core_scope inside(this_thread());
    s->open.store(false, std::memory_order_relaxed);
    // Not the last one that was opened, or by somebody else: it is passed by (scopes.cpp).
    if (self.childrens_scope == s) let_go(std::exchange(self.childrens_scope, keep(s->outer)));
    spin_guard guard(s->lock);
    found.swap(s->told);
  }
  for (const told_finding& f : found)
    tell(to, {f.kind.c_str(), f.shape.c_str(), f.fingerprint.c_str(), f.text.c_str()});
  let_go(s);
}

}  // namespace snag::detector
