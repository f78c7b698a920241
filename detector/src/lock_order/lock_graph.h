// SPDX-License-Identifier: Apache-2.0
#pragma once
// Who took which lock while it held which others, and the cycles in that which could have been deadlocks: the
// lock dependencies of Goodlock and iGoodlock (Joshi, Park, Sen, Naik, PLDI 2009), with clocks. A cycle
// counts if its members are different actors, hold no lock in common, exclude each other at each step, and
// nothing but locks orders two of its acquisitions. Cost: an acquisition is told once for each set of places
// and each change of order (lock_steps.h); a search visits at most `budget` members. Thread-safe by the
// caller's lock.
#include <array>
#include <cstdint>
#include <span>

#include "detector/src/internal_memory.h"
#include "detector/src/lock_order/lock_steps.h"
#include "detector/src/lock_sets.h"
#include "detector/src/vector_clock.h"

namespace snag::detector {

// An acquisition: by whom, of what, holding what, and when.
struct lock_dependency {
  events::goroutine_id who = events::goroutine_id::none;
  events::actor_kind kind = events::actor_kind::goroutine;
  bool writers_first = false;  // a reader of the wanted lock queues behind writers
  lock_set_id with_it =
      lock_set_id::none;  // what it held then, the wanted one first: the name of such acquisitions
  epoch at;
  vector_clock known;  // without what locks order
  clock_tree flows;    // whose writes it had seen
  gate_hold* gates = nullptr;
  std::uint32_t order_changes = 0;  // of the actor, so far

  const held_lock& wanted() const noexcept { return held_locks.latest(with_it); }
  lock_set_id holding() const noexcept { return held_locks.rest(with_it); }
};

// `member` waits for what the next one holds (the last one for the first's). `writer`: not null if both only
// read, and it is the one who queues between them.
struct cycle_step {
  const lock_dependency* member;
  const lock_dependency* writer = nullptr;
};
constexpr std::size_t longest_cycle = 5;
using lock_cycle = std::span<const cycle_step>;

class lock_graph {
 public:
  // Adds it; calls found(cycle) for the first cycle through it of places that were not found before. False:
  // the graph is full.
  template <class Found>
  bool add(const lock_dependency& d, Found&& found) noexcept {
    bool is_news = true;
    const lock_dependency* const kept = keep(d, is_news);
    if (kept == nullptr) return false;
    if (is_news && search_from(*kept)) found(lock_cycle(path_.data(), length_));
    return true;
  }
  // Looks again at what hung on gates that were not released yet.
  template <class Found>
  void finish(Found&& found) noexcept {
    final_ = true;
    const vector<lock_set_id> again = std::move(postponed_);
    for (const lock_set_id set : again)
      if (const auto known = groups_.find(set); known != groups_.end())
        for (std::size_t i = 0; i < known->second.size; ++i)
          if (search_from(known->second.members[i])) found(lock_cycle(path_.data(), length_));
  }
  // The lock is no more. Whether it was known: what was told has to be told again.
  bool forget(std::uint64_t address) noexcept;

  template <class Visit>
  void for_each_member(Visit&& visit) const noexcept {
    for (const auto& [set, g] : groups_)
      for (std::size_t i = 0; i < g.size; ++i) visit(g.members[i]);
  }
  std::size_t groups() const noexcept { return groups_.size(); }
  static constexpr std::size_t capacity = 1 << 16;
  static constexpr int budget = 1000, budget_of_addresses = 200;

 private:
  // Acquisitions alike in places and locks. Of many, the first four and the latest four are kept.
  struct group {
    static constexpr std::uint8_t most = 8, first = 4;
    std::array<lock_dependency, most> members;
    std::uint8_t size = 0, next = first;
  };
  struct lock_uses {
    vector<lock_set_id> wanted, held;  // groups
  };
  const lock_dependency* keep(const lock_dependency&, bool& is_news) noexcept;
  bool may_close(lock_set_id) noexcept;
  bool leads_to(std::uint64_t address, lock_set_id held, std::size_t depth) noexcept;
  bool search_from(const lock_dependency&) noexcept;
  bool extend(std::size_t depth) noexcept;
  bool try_next(std::size_t depth, const lock_dependency&) noexcept;
  bool close(std::size_t depth) noexcept;
  bool step_blocks(std::size_t depth, const lock_dependency& holder) noexcept;
  bool fits(const lock_dependency&, std::size_t depth) noexcept;
  bool excluded_by_gates(const lock_dependency&, const lock_dependency&) noexcept;
  bool is_new_shape() noexcept;

  unordered_map<lock_set_id, group> groups_;
  unordered_map<std::uint64_t, lock_uses> locks_;
  unordered_map<std::uint64_t, bool> shapes_found_;
  vector<lock_set_id> postponed_;
  std::array<cycle_step, longest_cycle> path_;
  std::size_t length_ = 0;
  int left_ = 0;
  bool final_ = false;
  bool met_open_gate_ = false;
};

}  // namespace snag::detector
