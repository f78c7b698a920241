// SPDX-License-Identifier: Apache-2.0
// A dead set as the reporter needs it.
#include <algorithm>

#include "detector/src/liveness/explain.h"
#include "detector/src/liveness/sources.h"
#include "detector/src/site_registry.h"

namespace snag::detector {
namespace {

using events::object_kind;

raw_holder::role role_of(const capture& c, std::size_t o, std::size_t k) {
  if (c.snapshot.parties[static_cast<std::size_t>(c.snapshot.objects[o].owners[k])].ended)
    return raw_holder::role::ended;
  if (c.objects[o].of == nullptr) return raw_holder::role::other;
  return c.objects[o].held[k].mode == events::lock_mode::shared ? raw_holder::role::shared
                                                                : raw_holder::role::exclusive;
}

}  // namespace

void tell(capture& c, const dead_set& d, told_deadlock& out) {
  const auto& s = c.snapshot;
  // (Spans point into these: no further growth of the outer ones.)
  std::size_t target_count = 0;
  // One of each kind, and how many more there are.
  struct kind {
    party_index first;
    std::uint64_t more = 0;
    bool behind = false;
  };
  vector<kind> kinds;
  constexpr std::size_t most_kinds = 64;
  for (const auto* list : {&d.members, &d.behind})
    for (const party_index p : *list) {
      const bool behind = list == &d.behind;
      const auto known = std::find_if(kinds.begin(), kinds.end(), [&](const kind& k) {
        return k.behind == behind && alike(c, k.first, p);
      });
      if (known != kinds.end())
        ++known->more;
      else if (kinds.size() < most_kinds)
        kinds.push_back({p, 0, behind});
    }
  for (const kind& k : kinds) target_count += s.waits_of(k.first).size();
  out.holders.reserve(target_count);
  out.targets.reserve(kinds.size());
  out.waits.reserve(kinds.size());
  const std::int64_t now = monotonic_now();
  for (const kind& k : kinds) {
    const party_index p = k.first;
    const auto& party = s.parties[static_cast<std::size_t>(p)];
    const blocked& b = *c.parties[static_cast<std::size_t>(p)].actor->waits;
    auto& targets = out.targets.emplace_back();
    for (const auto& w : s.waits_of(p)) {
      raw_wait_target t{w.operation, object_kind::channel, 0, {}};
      auto& holders = out.holders.emplace_back();
      if (w.on != object_index::nil) {
        const auto o = static_cast<std::size_t>(w.on);
        t.kind = s.objects[o].kind;
        if (c.objects[o].of != nullptr)
          t.address = reinterpret_cast<std::uint64_t>(events::address_of(*c.objects[o].of));
        if (const place made = c.objects[o].of != nullptr ? where_made(*c.objects[o].of) : place{};
            made.site != site_id::none)
          t.made = sites[made.site], t.made_context = made.context;
        for (std::size_t i = 0; i < s.objects[o].owners.size(); ++i) {
          const held_lock& l = c.objects[o].held[i];
          holders.push_back({s.parties[static_cast<std::size_t>(s.objects[o].owners[i])].id, role_of(c, o, i),
                             sites[l.where.site], l.where.context});
        }
        for (std::uint32_t i = 0; i < w.place; ++i) {
          const auto q = static_cast<std::size_t>(s.objects[o].writers[i]);
          const blocked& waits = *c.parties[q].actor->waits;
          holders.push_back(
              {s.parties[q].id, raw_holder::role::queued, sites[waits.where.site], waits.where.context});
        }
        if (party.wait_count == 1)
          for (const dead_set::help& h : d.helps)
            if (h.waiter == p)
              holders.push_back({s.parties[static_cast<std::size_t>(h.helper)].id, raw_holder::role::other,
                                 nullptr, context_id::root});
      }
      t.holders = holders;
      if (const handle_loss loss = last_handle_of(c, p, w); loss.by != events::goroutine_id::none) {
        t.last = sites[loss.where.site];
        t.last_context = loss.where.context;
        t.last_by = loss.by;
        t.last_created = sites[loss.created.site];
        t.last_created_context = loss.created.context;
      }
      targets.push_back(t);
    }
    out.waits.push_back({party.id, b.reason, sites[b.where.site], b.where.context,
                         static_cast<double>(now - b.since) * 1e-9, k.more, targets, k.behind});
  }
  out.raw.shape = d.shape;
  out.raw.waits = out.waits;
  out.raw.times = 1 + d.same.size();
}

}  // namespace snag::detector
