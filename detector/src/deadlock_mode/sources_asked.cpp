// SPDX-License-Identifier: Apache-2.0
// Without the race detector: what the runtime has written down is read when somebody looks.
#include "detector/src/liveness/sources.h"

#include "detector/src/deadlock_mode/native_places.h"
#include "detector/src/deadlock_mode/object_places.h"
#include "detector/src/deadlock_mode/waiting_party.h"
#include "detector/src/thread_state.h"
#include "runtime/census.h"

namespace snag::detector {

party* party_on(const thread_state& t) noexcept { return t.acts; }

void visit_held(const party& p, void (*visit)(void*, const held_lock&), void* argument) noexcept {
  const auto& h = static_cast<const waiting_party&>(p);
  for (const events::holding* at = h.next; at-- != h.first;) {
    const std::uintptr_t lock = at->lock & ~std::uintptr_t{1};
    if (is_let_go_by_others(lock)) continue;
    visit(argument, {lock,
                     {},
                     events::object_kind::other,
                     (at->lock & 1) != 0 ? events::lock_mode::shared : events::lock_mode::exclusive});
  }
}

place where_taken(const party& p, const held_lock& l) noexcept {
  const auto& h = static_cast<const waiting_party&>(p);
  for (const events::holding* at = h.next; at-- != h.first;)
    if ((at->lock & ~std::uintptr_t{1}) == l.address &&
        ((at->lock & 1) != 0) == (l.mode == events::lock_mode::shared))
      return place_of_holding(*at);
  return {};
}

bool holds_any(const party& p) noexcept {
  const auto& h = static_cast<const waiting_party&>(p);
  return h.first != h.next;
}

// Counts of one place may come from several threads: what they add up to is known at the end.
bool visit_handles_of(bool (*wanted)(void*, const events::object&), handle_visitor* visit,
                      void* argument) noexcept {
  struct key {
    const void* at;
    const events::object* of;
    events::direction way;
    bool operator==(const key&) const = default;
  };
  struct key_hash {
    std::size_t operator()(const key& k) const noexcept {
      return (reinterpret_cast<std::uintptr_t>(k.at) * 0x9E3779B97F4A7C15u ^
              reinterpret_cast<std::uintptr_t>(k.of)) *
                 0xD6E8FEB86659FD93u >>
             7;
    }
  };
  struct sums {
    bool (*wanted)(void*, const events::object&);
    void* argument;
    unordered_map<key, int, key_hash> of;
  } s{wanted, argument, {}};
  const bool known = events::visit_handles(
      [](void* p, const void* at, const events::object& of, events::direction way, int count) {
        auto& s = *static_cast<sums*>(p);
        if (s.wanted(s.argument, of)) s.of[{at, &of, way}] += count;
      },
      &s);
  if (!known) return false;
  for (const auto& [k, count] : s.of)
    if (count > 0) visit(argument, k.at, *k.of, k.way);
  return true;
}

place where_made(const events::object& o) noexcept {
  using enum events::object_kind;
  const bool kept =
      !o.is_proxy && (o.kind == channel || o.kind == timer || o.kind == wait_group || o.kind == context);
  return kept ? kept_place(o) : place{};
}

handle_loss last_handle_of(capture&, party_index, const wait_snapshot::wait&) { return {}; }

place where_created(const party& p) noexcept { return static_cast<const waiting_party&>(p).created; }
place where_waits(const party& p) noexcept {
  const blocked& b = *p.waits;
  if (b.where.site != site_id::none) return b.where;
  if (b.users_part >= p.stack.low && b.users_part < p.stack.high)
    return place_of_frames({reinterpret_cast<std::uintptr_t>(b.site.pc), b.users_part, b.users_frame},
                           p.stack);
  return b.site.pc != nullptr ? place_of_addresses(&b.site.pc, 1) : b.where;
}
void name_place_of(place at) noexcept {
  const internal_scope ours;
  name_place(at);
}

void find_places(capture& c, const vector<bool>& lives) noexcept {
  for (std::size_t p = 0; p < c.parties.size(); ++p) {
    if (lives[p] || c.parties[p].actor == nullptr || c.parties[p].actor->waits == nullptr) continue;
    c.parties[p].actor->waits->where = where_waits(*c.parties[p].actor);
  }
}

void name_places(const raw_deadlock& d) noexcept {
  const internal_scope ours;
  const auto name = [](const hooks::site* site, context_id context) {
    name_place({site == nullptr ? site_id::none : sites.id_of(site), context});
  };
  for (const raw_wait& w : d.waits) {
    name(w.site, w.context);
    for (const raw_wait_target& t : w.targets) {
      name(t.last, t.last_context);
      name(t.made, t.made_context);
      for (const raw_holder& h : t.holders) name(h.site, h.context);
    }
  }
}

}  // namespace snag::detector
