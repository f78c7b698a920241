// SPDX-License-Identifier: Apache-2.0
#include "detector/src/liveness/explain.h"

#include <algorithm>

#include "detector/src/liveness/scopes.h"
#include "detector/src/liveness/sources.h"
#include "detector/src/object_kinds.h"
#include "detector/src/site_registry.h"

namespace snag::detector {
namespace {

using events::direction;
using events::object_kind;
using events::wait_operation;

enum class tie : std::uint8_t { lock, queue, join, other };
struct dependency {
  std::uint32_t on;  // a party
  tie by;
};

std::uint32_t number(party_index p) { return static_cast<std::uint32_t>(p); }

bool is_lock_wait(const wait_snapshot::wait& w) {
  return w.operation == wait_operation::lock || w.operation == wait_operation::lock_shared;
}

class explainer {
 public:
  explainer(capture& c, const vector<bool>& lives, const scope_record* of)
      : c_(c), lives_(lives), s_(c.snapshot), of_(of) {
    depends_.resize(s_.parties.size());
    taken_.resize(s_.parties.size());
    for (std::uint32_t p = 0; p < s_.parties.size(); ++p)
      if (is_dead(p)) dead_.push_back(p);
    add_lock_ties();
    if (dead_.size() <= most_looked_at) add_other_ties();
  }

  vector<dead_set> all() {
    find_cycles([](tie t) { return t == tie::lock || t == tie::queue; });
    find_cycles([](tie) { return true; });
    for (const std::uint32_t p : dead_)
      if (!taken_[p] && leaves_lock_behind(p)) add(deadlock_shape::abandoned_lock, {p});
    find_self_channels();
    attach_those_behind();
    // Whoever is held up by somebody that is alone is behind him, too.
    add_those_alone([&](std::uint32_t p) { return !is_held_up(p); });
    attach_those_behind();
    add_those_alone([](std::uint32_t) { return true; });
    if (of_ != nullptr) std::erase_if(found_, [&](const dead_set& d) { return !concerns_scope(d); });
    return std::move(found_);
  }

 private:
  // Beyond these, what dead goroutines could do for each other is not looked for: they are each an orphan.
  static constexpr std::size_t most_looked_at = 2'000;

  bool is_dead(std::uint32_t p) const { return !lives_[p] && s_.parties[p].parked; }
  bool is_asked_for(std::uint32_t p) const { return of_ == nullptr || of_->counts(*c_.parties[p].actor); }
  bool concerns_scope(const dead_set& d) const {
    const auto any = [&](const vector<party_index>& list) {
      return std::any_of(list.begin(), list.end(), [&](party_index p) { return is_asked_for(number(p)); });
    };
    return any(d.members) || any(d.behind) || any(d.same);
  }

  void add_lock_ties() {
    for (const std::uint32_t p : dead_)
      for (const auto& w : s_.waits_of(party_index{p})) {
        if (w.on == object_index::nil) continue;
        const auto& o = s_.objects[static_cast<std::size_t>(w.on)];
        if (!is_lock_wait(w) && !is_once(o.kind) && w.operation != wait_operation::join) continue;
        for (const party_index owner : o.owners)
          if (is_dead(number(owner)))
            depends_[p].push_back(
                {number(owner), w.operation == wait_operation::join ? tie::join : tie::lock});
        for (std::uint32_t i = 0; i < w.place; ++i)
          if (is_dead(number(o.writers[i]))) depends_[p].push_back({number(o.writers[i]), tie::queue});
      }
  }

  // Who of the dead can reach which region.
  void add_other_ties() {
    unordered_map<std::uint32_t, vector<std::uint32_t>> reached_by;
    vector<region_index> unread, found;
    for (const std::uint32_t p : dead_) {
      unordered_map<std::uint32_t, bool> seen;
      unread.push_back(region_index{p + 1});
      while (!unread.empty()) {
        const region_index r = unread.back();
        unread.pop_back();
        if (!seen.emplace(static_cast<std::uint32_t>(r), true).second) continue;
        reached_by[static_cast<std::uint32_t>(r)].push_back(p);
        found.clear();
        c_.memory.visit(r, found);
        unread.insert(unread.end(), found.begin(), found.end());
      }
    }
    for (const std::uint32_t p : dead_)
      for (const auto& w : s_.waits_of(party_index{p})) {
        if (w.on == object_index::nil || is_lock_wait(w) || w.operation == wait_operation::join) continue;
        const auto& o = s_.objects[static_cast<std::size_t>(w.on)];
        for (const auto& h : o.handles) {
          if (o.kind == object_kind::channel && w.operation == wait_operation::receive &&
              h.way == direction::receive)
            continue;
          const auto who = reached_by.find(static_cast<std::uint32_t>(h.in));
          if (who == reached_by.end()) continue;
          for (const std::uint32_t q : who->second)
            if (q != p && !depends_on(p, q)) depends_[p].push_back({q, tie::other});
        }
      }
  }

  bool depends_on(std::uint32_t p, std::uint32_t q) const {
    return std::any_of(depends_[p].begin(), depends_[p].end(),
                       [&](const dependency& d) { return d.on == q; });
  }

  // Strongly connected sets of those that no finding has yet, by ties that `counts` lets through.
  template <class Counts>
  void find_cycles(Counts counts) {
    struct visit {
      std::uint32_t party;
      std::size_t next = 0;
    };
    vector<std::uint32_t> order(s_.parties.size()), low(s_.parties.size()), open;
    vector<bool> is_open(s_.parties.size());
    std::uint32_t time = 0;
    vector<visit> stack;
    const auto enter = [&](std::uint32_t p) {
      order[p] = low[p] = ++time;
      open.push_back(p);
      is_open[p] = true;
      stack.push_back({p});
    };
    for (const std::uint32_t start : dead_) {
      if (order[start] != 0 || taken_[start]) continue;
      enter(start);
      while (!stack.empty()) {
        const std::uint32_t p = stack.back().party;
        if (stack.back().next < depends_[p].size()) {
          const dependency d = depends_[p][stack.back().next++];
          if (!counts(d.by) || taken_[d.on]) continue;
          if (order[d.on] == 0)
            enter(d.on);
          else if (is_open[d.on])
            low[p] = std::min(low[p], order[d.on]);
          continue;
        }
        stack.pop_back();
        if (!stack.empty()) low[stack.back().party] = std::min(low[stack.back().party], low[p]);
        if (low[p] != order[p]) continue;
        vector<std::uint32_t> set;
        do {
          set.push_back(open.back());
          is_open[open.back()] = false;
          open.pop_back();
        } while (set.back() != p);
        close(set);
      }
    }
  }

  // A strongly connected set. One alone counts if it depends on itself.
  void close(vector<std::uint32_t>& set) {
    std::sort(set.begin(), set.end());
    const auto inside = [&](std::uint32_t p) { return std::binary_search(set.begin(), set.end(), p); };
    bool lock = false, queue = false, join = false, other = false;
    for (const std::uint32_t p : set)
      for (const dependency& d : depends_[p]) {
        if (!inside(d.on)) continue;
        lock |= d.by == tie::lock;
        queue |= d.by == tie::queue;
        join |= d.by == tie::join;
        other |= d.by == tie::other;
      }
    if (!lock && !queue && !join && !other) return;
    if (join && !lock && !queue && !other) return add(deadlock_shape::join_cycle, set);
    other |= join;
    if (other && !lock && !queue) {
      if (all_offer(set))
        add(deadlock_shape::communication_cycle, set);
      else if (counts_before_it_closes(set))
        add(deadlock_shape::mixed_cycle, set);
      return;
    }
    if (set.size() == 1) return add(deadlock_shape::self_lock, set);
    add(queue   ? deadlock_shape::queued_writer
        : other ? deadlock_shape::mixed_cycle
                : deadlock_shape::lock_cycle,
        set);
  }

  // Each would send, and to different channels.
  bool all_offer(const vector<std::uint32_t>& set) const {
    vector<object_index> offered;
    for (const std::uint32_t p : set) {
      const auto waits = s_.waits_of(party_index{p});
      const auto sends = std::find_if(waits.begin(), waits.end(), [](const auto& w) {
        return w.operation == wait_operation::send && w.on != object_index::nil;
      });
      if (sends == waits.end() || std::find(offered.begin(), offered.end(), sends->on) != offered.end())
        return false;
      offered.push_back(sends->on);
    }
    return true;
  }

  // One waits for the others to count themselves out, and they wait to be told to, by a channel.
  bool counts_before_it_closes(const vector<std::uint32_t>& set) const {
    std::size_t counts = 0, receives = 0;
    for (const std::uint32_t p : set) {
      const auto waits = s_.waits_of(party_index{p});
      if (receives_alone(p))
        ++receives;
      else if (waits.size() == 1 && waits[0].on != object_index::nil &&
               s_.objects[static_cast<std::size_t>(waits[0].on)].kind == object_kind::wait_group)
        ++counts;
    }
    return counts != 0 && receives != 0 && counts + receives == set.size();
  }

  bool leaves_lock_behind(std::uint32_t p) const {
    for (const auto& w : s_.waits_of(party_index{p})) {
      if (w.on == object_index::nil) continue;
      for (const party_index owner : s_.objects[static_cast<std::size_t>(w.on)].owners)
        if (s_.parties[static_cast<std::size_t>(owner)].ended) return true;
    }
    return false;
  }

  // Whoever could serve a channel waits for it, too, at a place of its own.
  void find_self_channels() {
    for (const std::uint32_t p : dead_) {
      if (taken_[p] || !receives_alone(p)) continue;
      vector<std::uint32_t> set{p};
      for (const dependency& d : depends_[p]) {
        if (taken_[d.on] || !receives_alone(d.on) ||
            s_.waits_of(party_index{d.on})[0].on != s_.waits_of(party_index{p})[0].on) {
          set.clear();
          break;
        }
        set.push_back(d.on);
      }
      if (set.size() < 2) continue;
      const blocked* const first = c_.parties[p].actor->waits;
      const bool elsewhere = std::all_of(set.begin() + 1, set.end(), [&](std::uint32_t q) {
        return c_.parties[q].actor->waits->site.pc != first->site.pc;
      });
      if (elsewhere) add(deadlock_shape::self_channel, set);
    }
  }
  bool receives_alone(std::uint32_t p) const {
    const auto waits = s_.waits_of(party_index{p});
    return waits.size() == 1 && waits[0].operation == wait_operation::receive &&
           waits[0].on != object_index::nil;
  }

  // Whoever depends on somebody in a finding waits behind it.
  void attach_those_behind() {
    vector<std::int32_t> finding_of(s_.parties.size(), -1);
    for (std::size_t f = 0; f < found_.size(); ++f)
      for (const auto* list : {&found_[f].members, &found_[f].behind, &found_[f].same})
        for (const party_index p : *list) finding_of[number(p)] = static_cast<std::int32_t>(f);
    for (bool more = true; more;) {
      more = false;
      for (const std::uint32_t p : dead_) {
        if (taken_[p] || !is_asked_for(p)) continue;
        for (const dependency& d : depends_[p]) {
          if (finding_of[d.on] < 0) continue;
          finding_of[p] = finding_of[d.on];
          found_[static_cast<std::size_t>(finding_of[p])].behind.push_back(party_index{p});
          taken_[p] = true;
          more = true;
          break;
        }
      }
    }
  }

  // Somebody else has to unlock, or to end, first.
  bool is_held_up(std::uint32_t p) const {
    return std::any_of(depends_[p].begin(), depends_[p].end(),
                       [](const dependency& d) { return d.by != tie::other; });
  }

  // Thousands that wait at one place are one finding.
  template <class Counts>
  void add_those_alone(Counts counts) {
    struct key {
      place where;
      deadlock_shape shape;
      const scope_record* scope;
      bool operator==(const key&) const = default;
    };
    struct key_hash {
      std::size_t operator()(const key& k) const noexcept {
        const auto site = static_cast<std::uint64_t>(k.where.site);
        const auto context = static_cast<std::uint64_t>(k.where.context);
        return (site * 0x9E3779B97F4A7C15u ^ context) * 0xD6E8FEB86659FD93u ^
               static_cast<std::uint64_t>(k.shape) ^ reinterpret_cast<std::uint64_t>(k.scope);
      }
    };
    unordered_map<key, std::size_t, key_hash> known;
    for (const std::uint32_t p : dead_) {
      if (taken_[p] || !is_asked_for(p) || !counts(p)) continue;
      const party& a = *c_.parties[p].actor;
      const key k{a.waits->where, shape_alone(p), open_scope_of(a)};
      const auto [at, is_new] = known.try_emplace(k, found_.size());
      if (is_new) {
        add(k.shape, {p});
        continue;
      }
      taken_[p] = true;
      dead_set& d = found_[at->second];
      (alike(c_, d.members[0], party_index{p}) ? d.members : d.same).push_back(party_index{p});
    }
  }

  deadlock_shape shape_alone(std::uint32_t p) const {
    const auto waits = s_.waits_of(party_index{p});
    if (waits.empty() || waits[0].on == object_index::nil) return deadlock_shape::orphan;
    switch (s_.objects[static_cast<std::size_t>(waits[0].on)].kind) {
      case object_kind::wait_group:
        return deadlock_shape::wait_group_never_zero;
      case object_kind::condition_variable:
      case object_kind::pthread_cond:
        return deadlock_shape::lost_wake_up;
      default:
        return deadlock_shape::orphan;
    }
  }

  void add(deadlock_shape shape, const vector<std::uint32_t>& members) {
    dead_set d{shape, {}, {}, {}, {}};
    for (const std::uint32_t p : members) {
      d.members.push_back(party_index{p});
      taken_[p] = true;
    }
    constexpr std::size_t most_helpers = 8;
    for (const std::uint32_t p : members) {
      std::size_t helpers = 0;
      for (const dependency& by : depends_[p])
        if (by.by == tie::other && helpers < most_helpers &&
            std::ranges::find(members, by.on) != members.end()) {
          d.helps.push_back({party_index{p}, party_index{by.on}});
          ++helpers;
        }
    }
    found_.push_back(std::move(d));
  }

  capture& c_;
  const vector<bool>& lives_;
  const wait_snapshot& s_;
  const scope_record* const of_;
  vector<std::uint32_t> dead_;
  vector<vector<dependency>> depends_;
  vector<bool> taken_;
  vector<dead_set> found_;
};

}  // namespace

bool alike(const capture& c, party_index p, party_index q) {
  const auto a = c.snapshot.waits_of(p), b = c.snapshot.waits_of(q);
  const place &x = c.parties[static_cast<std::size_t>(p)].actor->waits->where,
              &y = c.parties[static_cast<std::size_t>(q)].actor->waits->where;
  return x.site == y.site && x.context == y.context &&
         std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const auto& v, const auto& w) { return v.on == w.on && v.operation == w.operation; });
}

vector<dead_set> explain(capture& c, const vector<bool>& lives, const scope_record* of) {
  return explainer(c, lives, of).all();
}

}  // namespace snag::detector
