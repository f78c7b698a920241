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
// As long as the slots are few, the tree is one leaf, which is not shared but copied: 64 bytes cost less than
// a count that others write, and what is learned is written in place.
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

  explicit clock_node(std::uint32_t level) : level(level) {}
  std::atomic<std::uint32_t> references{1};
  const std::uint32_t level;  // 0: a leaf
};
struct clock_leaf : clock_node {
  clock_leaf() : clock_node(0) {}
  clock_time times[fanout] = {};
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
  bool is_leaf() const noexcept { return root_ != nullptr && root_->level == 0; }
  // A tree of one leaf, which has room for the slot: the first 16.
  bool is_leaf_of(slot_id slot) const noexcept {
    return static_cast<std::uint32_t>(slot) < clock_node::fanout && is_leaf();
  }
  // Pre: is_leaf_of(slot).
  clock_time get_of_leaf(slot_id slot) const noexcept {
    return static_cast<const clock_leaf*>(root_)->times[static_cast<std::uint32_t>(slot)];
  }
  bool same_nodes(const clock_tree& other) const noexcept { return root_ == other.root_; }

  std::size_t count_nodes() const noexcept;  // for tests: shared ones included
  bool check_invariants() const noexcept;

 private:
  clock_node* root_ = nullptr;
};

}  // namespace snag::detector
