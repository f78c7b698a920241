// SPDX-License-Identifier: Apache-2.0
#pragma once
// The persistent map slot → time beneath vector clocks: a radix tree, 16-way, leaves of 16 times, shared by
// reference and copied on write. Copying a tree costs one reference; setting an entry copies one path (a
// goroutine's own, unshared path is written in place). A million goroutines share all but a few hundred bytes
// each.
//
// Joining two costs what is news to either, not what differs: equal subtrees are the same object, and an
// inner node says at which epoch of whom it was made (its tag). Whoever covers that epoch has learned all
// that is below the node, because happens-before is transitive, so its own subtree is the result (tree
// clocks, Mathur, Tunç, Pavlogiannis, Viswanathan, ASPLOS 2022). Nodes made in nobody's name have no tag, and
// are joined entry by entry.
//
// As long as the slots are few, there is no tree but one *flat* node, as wide as the latest slot asks for:
// times are compared four by four, and what is learned is written in place. A flat clock is copied into one
// that has room, and the smallest always: that costs less than a count that others write, and than finding
// out which parts differ.
//
// A handle is a value for one thread at a time; the nodes behind handles are shared between threads
// (atomic counts, immutable while shared).
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "detector/src/epoch.h"

namespace snag::detector {

struct clock_node {
  static constexpr unsigned fanout_bits = 4, fanout = 1u << fanout_bits;
  static constexpr unsigned most_room = 256;  // of a flat clock, slots

  clock_node(std::uint16_t level, std::uint16_t room) : level(level), room(room) {}
  std::atomic<std::uint32_t> references{1};
  const std::uint16_t level;  // 0: a leaf
  // Of a leaf: how many slots. That of a tree has fanout, a flat clock any power of 2 from there on.
  const std::uint16_t room;

  // Of a leaf.
  clock_time* times() noexcept { return reinterpret_cast<clock_time*>(this + 1); }
  const clock_time* times() const noexcept { return reinterpret_cast<const clock_time*>(this + 1); }
};

// What a join may conclude from tags.
struct join_rules {
  epoch maker;                         // whose knowledge the result is, and when; none: nobody's
  epoch mine, other;                   // on top of the two trees
  bool (*is_latest)(epoch) = nullptr;  // whether a tag still proves something (slot_table); null: none does
};

class clock_tree {
 public:
  clock_tree() noexcept = default;
  clock_tree(const clock_tree& other) noexcept;
  clock_tree(clock_tree&& other) noexcept : root_(std::exchange(other.root_, nullptr)) {}
  clock_tree& operator=(const clock_tree& other) noexcept;
  clock_tree& operator=(clock_tree&& other) noexcept {
    std::swap(root_, other.root_);
    return *this;
  }
  ~clock_tree();

  clock_time get(slot_id) const noexcept;                         // 0: absent
  void raise(slot_id, clock_time, epoch maker = {}) noexcept;     // the entry becomes at least that
  void join(const clock_tree&, const join_rules& = {}) noexcept;  // entry by entry, the later
  bool empty() const noexcept { return root_ == nullptr; }
  bool is_flat() const noexcept { return root_ != nullptr && root_->level == 0; }
  static bool may_be_flat_for(slot_id slot) noexcept {
    return static_cast<std::uint32_t>(slot) < clock_node::most_room;
  }
  // It is flat, and has room for the slot or could have.
  bool is_flat_for(slot_id slot) const noexcept { return may_be_flat_for(slot) && is_flat(); }
  // Pre: is_flat().
  clock_time get_of_flat(slot_id slot) const noexcept {
    const auto at = static_cast<std::uint32_t>(slot);
    return at < root_->room ? root_->times()[at] : 0;
  }
  bool same_nodes(const clock_tree& other) const noexcept { return root_ == other.root_; }

  std::size_t count_nodes() const noexcept;  // for tests: shared ones included
  bool check_invariants() const noexcept;

 private:
  void make_room(unsigned slots) noexcept;      // pre: is_flat()
  void join_flats(const clock_tree&) noexcept;  // pre: both are flat
  void join_flat_into_tree(const clock_tree&, epoch maker) noexcept;

  clock_node* root_ = nullptr;
};

}  // namespace snag::detector
