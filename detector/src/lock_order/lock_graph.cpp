// SPDX-License-Identifier: Apache-2.0
#include "detector/src/lock_order/lock_graph.h"

#include <algorithm>

namespace snag::detector {
namespace {

constexpr std::size_t most_shapes = 1024, most_postponed = 1024;

bool exclude(events::lock_mode a, events::lock_mode b) {
  return a == events::lock_mode::exclusive || b == events::lock_mode::exclusive;
}

template <class Visit>
bool any_lock(lock_set_id set, Visit&& visit) {
  for (; set != lock_set_id::none; set = held_locks.rest(set))
    if (visit(held_locks.latest(set))) return true;
  return false;
}

bool share_a_lock(const lock_dependency& a, const lock_dependency& b) {
  return any_lock(a.holding(), [&](const held_lock& x) {
    return any_lock(b.holding(),
                    [&](const held_lock& y) { return x.address == y.address && exclude(x.mode, y.mode); });
  });
}

bool comes_before(const lock_dependency& a, const lock_dependency& b) {
  return b.known.covers(a.at) || b.flows.get(a.at.slot) >= a.at.time;
}

bool guards(const gate_hold& g, const lock_dependency& d) {
  return !g.released.load(std::memory_order_acquire) || g.known_at_release.covers(d.at);
}

// The owner took the gate in question, or has taken it again since.
bool in_that_hold(const gate_hold& g, const lock_dependency& d) {
  return d.who == g.owner && (!g.released.load(std::memory_order_acquire) || d.at.slot != g.at_release.slot ||
                              d.at.time <= g.at_release.time);
}

std::uint64_t mixed(std::uint64_t h, std::uint64_t with) {
  h = (h ^ with) * 0x9e37'79b9'7f4a'7c15u;
  return h ^ h >> 32;
}

// By places, not by addresses: a thousand locks in an array make one shape.
std::uint64_t shape_of(const lock_dependency& d) {
  std::uint64_t h = 1;
  any_lock(d.with_it, [&](const held_lock& l) {
    h = mixed(h, std::uint64_t{static_cast<std::uint32_t>(l.where.site)} << 32 |
                     static_cast<std::uint32_t>(l.where.context));
    h = mixed(h, static_cast<std::uint64_t>(l.kind) << 8 | static_cast<std::uint64_t>(l.mode));
    return false;
  });
  return h;
}

}  // namespace

const lock_dependency* lock_graph::keep(const lock_dependency& d, bool& is_news) noexcept {
  const auto known = groups_.find(d.with_it);
  if (known == groups_.end() && groups_.size() >= capacity) return nullptr;
  group& g = known != groups_.end() ? known->second : groups_[d.with_it];
  if (known == groups_.end()) {
    locks_[d.wanted().address].wanted.push_back(d.with_it);
    any_lock(d.holding(), [&](const held_lock& l) {
      vector<lock_set_id>& held = locks_[l.address].held;
      if (held.empty() || held.back() != d.with_it) held.push_back(d.with_it);
      return false;
    });
  }
  // Of one actor's: its first, and its latest.
  lock_dependency* place = nullptr;
  int own = 0;
  for (std::size_t i = 0; i < g.size; ++i) {
    if (g.members[i].who != d.who) continue;
    if (g.members[i].order_changes == d.order_changes) {
      is_news = false;
      return &g.members[i];
    }
    if (++own == 2) place = &g.members[i];
  }
  if (place == nullptr) {
    if (g.size < group::most) {
      place = &g.members[g.size++];
    } else {
      place = &g.members[g.next];
      g.next = g.next + 1 == group::most ? group::first : g.next + 1;
    }
  }
  *place = d;
  return place;
}

bool lock_graph::forget(std::uint64_t address) noexcept {
  const auto uses = locks_.find(address);
  if (uses == locks_.end()) return false;
  vector<lock_set_id> gone = std::move(uses->second.wanted);
  gone.insert(gone.end(), uses->second.held.begin(), uses->second.held.end());
  locks_.erase(uses);
  for (const lock_set_id set : gone) {
    if (groups_.erase(set) == 0) continue;
    any_lock(set, [&](const held_lock& l) {
      if (const auto other = locks_.find(l.address); other != locks_.end()) {
        std::erase(other->second.wanted, set);
        std::erase(other->second.held, set);
        if (other->second.wanted.empty() && other->second.held.empty()) locks_.erase(other);
      }
      return false;
    });
  }
  return true;
}

// A gate counts although another one holds it: see gate_hold. Open ones count for now; finish() looks again.
bool lock_graph::excluded_by_gates(const lock_dependency& a, const lock_dependency& b) noexcept {
  for (const gate_hold* g = a.gates; g != nullptr; g = g->outer) {
    if (!guards(*g, a)) continue;
    bool open = !g->released.load(std::memory_order_acquire);
    bool excluded = !in_that_hold(*g, b) && any_lock(b.holding(), [&](const held_lock& l) {
      return l.address == g->address && exclude(l.mode, g->mode);
    });
    for (const gate_hold* other = b.gates; other != nullptr && !excluded; other = other->outer) {
      if (other == g || other->address != g->address || !exclude(other->mode, g->mode) || !guards(*other, b))
        continue;
      excluded = true;
      open = open || !other->released.load(std::memory_order_acquire);
    }
    if (!excluded) continue;
    met_open_gate_ = met_open_gate_ || open;
    return true;
  }
  return false;
}

bool lock_graph::fits(const lock_dependency& d, std::size_t depth) noexcept {
  const auto beside = [&](const lock_dependency& other) {
    return other.who != d.who && !comes_before(other, d) && !comes_before(d, other) &&
           !share_a_lock(other, d) && !excluded_by_gates(other, d) && !excluded_by_gates(d, other);
  };
  for (std::size_t i = 0; i < depth; ++i)
    if (!beside(*path_[i].member) || (path_[i].writer != nullptr && !beside(*path_[i].writer))) return false;
  return true;
}

// Whether what the last of `depth` members wants is kept from it by `holder`.
bool lock_graph::step_blocks(std::size_t depth, const lock_dependency& holder) noexcept {
  cycle_step& step = path_[depth - 1];
  const held_lock& wanted = step.member->wanted();
  bool held = false;
  const bool blocks = any_lock(holder.holding(), [&](const held_lock& l) {
    held = held || l.address == wanted.address;
    return l.address == wanted.address && exclude(l.mode, wanted.mode);
  });
  if (blocks) return &holder != step.member;  // taken again by its owner: a recursive one
  if (!held || !step.member->writers_first) return false;
  // Two readers: the second waits if a writer came between.
  const auto uses = locks_.find(wanted.address);
  if (uses == locks_.end()) return false;
  for (const lock_set_id set : uses->second.wanted) {
    if (held_locks.latest(set).mode != events::lock_mode::exclusive) continue;
    group& g = groups_[set];
    for (std::size_t i = 0; i < g.size; ++i) {
      const lock_dependency& w = g.members[i];
      if (--left_ < 0) return false;
      // (A goroutine that waits for a POSIX lock does not stand in libc's queue.)
      if (wanted.kind == events::object_kind::pthread_rwlock && w.kind != events::actor_kind::thread)
        continue;
      if (w.who == holder.who || !fits(w, depth) || comes_before(w, holder) || comes_before(holder, w) ||
          share_a_lock(w, holder) || excluded_by_gates(w, holder) || excluded_by_gates(holder, w))
        continue;
      step.writer = &w;
      return true;
    }
  }
  return false;
}

bool lock_graph::is_new_shape() noexcept {
  std::uint64_t h = 0;  // whoever comes first
  for (std::size_t i = 0; i < length_; ++i) {
    h += shape_of(*path_[i].member);
    if (path_[i].writer != nullptr) h += shape_of(*path_[i].writer);
  }
  return shapes_found_.size() < most_shapes && shapes_found_.emplace(h, true).second;
}

bool lock_graph::close(std::size_t depth) noexcept {
  length_ = depth;
  if (step_blocks(depth, *path_[0].member) && is_new_shape()) return true;
  path_[depth - 1].writer = nullptr;
  return false;
}

bool lock_graph::try_next(std::size_t depth, const lock_dependency& next) noexcept {
  if (!fits(next, depth) || !step_blocks(depth, next)) return false;
  path_[depth] = {&next};
  if (close(depth + 1) || extend(depth + 1)) return true;
  path_[depth - 1].writer = nullptr;
  return false;
}

bool lock_graph::extend(std::size_t depth) noexcept {
  if (depth == longest_cycle) return false;
  const auto uses = locks_.find(path_[depth - 1].member->wanted().address);
  if (uses == locks_.end()) return false;
  for (const lock_set_id set : uses->second.held) {
    group& g = groups_[set];
    for (std::size_t i = 0; i < g.size; ++i) {
      if (--left_ < 0) return false;
      if (try_next(depth, g.members[i])) return true;
    }
  }
  return false;
}

// Whether such acquisitions can be in a cycle at all, whoever else is in it: by addresses alone, which
// settles nearly all of them. True if that takes too long to say.
bool lock_graph::may_close(lock_set_id set) noexcept {
  left_ = budget_of_addresses;
  const lock_set_id held = held_locks.rest(set);
  return held != lock_set_id::none && leads_to(held_locks.latest(set).address, held, 1);
}

bool lock_graph::leads_to(std::uint64_t address, lock_set_id held, std::size_t depth) noexcept {
  if (any_lock(held, [&](const held_lock& l) { return l.address == address; })) return true;
  if (depth == longest_cycle) return false;
  const auto uses = locks_.find(address);
  if (uses == locks_.end()) return false;
  for (const lock_set_id set : uses->second.held)
    if (--left_ < 0 || leads_to(held_locks.latest(set).address, held, depth + 1)) return true;
  return false;
}

bool lock_graph::search_from(const lock_dependency& d) noexcept {
  const bool closes = may_close(d.with_it);
  left_ = budget;
  met_open_gate_ = false;
  path_[0] = {&d};
  bool found = closes && (close(1) || extend(1));
  // It may be the writer whom readers queue behind.
  if (!found && d.writers_first && d.wanted().mode == events::lock_mode::exclusive)
    if (const auto uses = locks_.find(d.wanted().address); uses != locks_.end())
      for (const lock_set_id set : uses->second.wanted) {
        if (held_locks.latest(set).mode != events::lock_mode::shared) continue;
        const int left = left_;
        const bool closes_too = may_close(set);
        left_ = left - 1;
        if (left_ < 0) break;
        if (!closes_too) continue;
        group& g = groups_[set];
        for (std::size_t i = 0; i < g.size && !found && left_ > 0; ++i) {
          path_[0] = {&g.members[i]};
          found = close(1) || extend(1);
        }
      }
  if (met_open_gate_ && !final_ && postponed_.size() < most_postponed &&
      (postponed_.empty() || postponed_.back() != d.with_it))
    postponed_.push_back(d.with_it);
  return found;
}

}  // namespace snag::detector
