// SPDX-License-Identifier: Apache-2.0
#pragma once
// Sets of (record, bytes): what a cell names when several accesses of one granule must be remembered. A set
// is a Patricia trie over record ids whose leaves are single-entry cells and whose inner nodes are
// hash-consed: equal sets have equal ids, a million granules read by the same goroutines share one set, and
// adding an entry to a set of n makes O(log n) nodes of 16 bytes. So a set *is* a cell: empty, one entry, or
// an inner node's id. (Okasaki, Gill: Fast mergeable integer maps, 1998; hash-consing as in BDD packages.)
//
// Thread-safe: nodes are immutable once published; a sharded table finds equal ones. Nodes are reclaimed by
// the sweep only, while the world is stopped.
#include <cstdint>

#include "detector/src/cell.h"
#include "detector/src/internal_memory.h"
#include "detector/src/spin_lock.h"

namespace snag::detector {

struct set_node {
  std::uint32_t left = 0, right = 0;  // cells' bits; keys in `left` have the branching bit clear
  std::uint32_t branch = 0;           // the keys' common prefix, then a one at the branching bit, then zeros
  std::uint32_t count : 29 = 0;       // entries below
  std::uint32_t exclusive : 1 = 0;    // one of their records is
  std::uint32_t plain : 1 = 0;        // one of them is no atomic access
  std::uint32_t atomic : 1 = 0;       // one of them is
};
static_assert(sizeof(set_node) == 16);

class access_sets {
 public:
  // The cell for `set` with (record, bytes) in it; bytes are added to those the record has there already.
  // When no set id is left the result is `set` itself and lost() grows.
  cell add(cell set, record_id record, byte_mask bytes) noexcept;

  // Which entries are looked at: `plain` leaves out those of atomic accesses, whole subtrees at a time.
  enum class which { all, plain };

  // The set of what `keep(record, bytes)` answers for each entry: the bytes of the entry that stay.
  template <which Which = which::all, class Keep>
  cell filter(cell set, Keep&& keep) noexcept {
    if (set.empty() || (Which == which::plain && !has_plain(set))) return set;
    if (!set.is_set()) return cell(set.record(), keep(set.record(), set.bytes()));
    return filter_node<Which>(set, keep);
  }

  // Calls visit(record, bytes) for each entry, in order of ids.
  template <which Which = which::all, class Visit>
  void for_each(cell set, Visit&& visit) const {
    if (set.empty() || (Which == which::plain && !has_plain(set))) return;
    if (!set.is_set()) return visit(set.record(), set.bytes());
    for_each_of_node<Which>(set, visit);
  }

  // The bytes of `record` in the set; 0: not in it. O(log n), takes no lock.
  byte_mask bytes_of(cell set, record_id record) const noexcept;

  // The bytes that the records low … low + count - 1 have in the set. O(log n) as long as few are in it.
  byte_mask bytes_of(cell set, std::uint32_t low, std::uint32_t count) const noexcept;

  std::uint32_t size(cell set) const noexcept { return set.empty() ? 0 : set.is_set() ? node(set).count : 1; }

  bool has_plain(cell set) const noexcept {
    return set.is_set() ? node(set).plain != 0 : !set.empty() && is_plain(set.record());
  }

  bool has_atomic(cell set) const noexcept {
    return set.is_set() ? node(set).atomic != 0 : !set.empty() && !is_plain(set.record());
  }

  bool has_exclusive(cell set) const noexcept {
    return set.is_set() ? node(set).exclusive != 0 : !set.empty() && is_exclusive(set.record());
  }

  std::uint64_t lost() const noexcept { return lost_.load(std::memory_order_relaxed); }
  std::uint32_t live_nodes() noexcept;
  // The same without a lock, to some thousands.
  std::uint32_t about_live_nodes() const noexcept { return live_.load(std::memory_order_relaxed); }

  // --- For the sweep, with the world stopped.
  // Marks what is reachable from `set` and calls visit(record) for each entry not seen before in this sweep.
  template <class Visit>
  void mark(cell set, Visit&& visit) {
    if (set.empty()) return;
    if (!set.is_set()) return visit(set.record());
    if (!set_mark(set.id())) return;
    const set_node n = node(set);
    mark(cell(n.left), visit);
    mark(cell(n.right), visit);
  }
  void begin_marking() noexcept;
  void reclaim_unmarked() noexcept;  // ends the marking

  bool check_invariants(cell set) const noexcept;

 private:
  static bool is_plain(record_id) noexcept;
  static bool is_exclusive(record_id) noexcept;

  static constexpr std::uint32_t shard_count = 64;
  static constexpr std::uint32_t run_length = 64;  // node ids a shard takes at a time
  static constexpr std::uint32_t counted_at_once = 64;

  struct alignas(64) shard {
    spin_lock lock;
    std::uint32_t* table SNAG_DETECTOR_GUARDED_BY(lock) = nullptr;  // set ids, open addressing; 0: free
    std::uint32_t capacity SNAG_DETECTOR_GUARDED_BY(lock) = 0;
    std::uint32_t used SNAG_DETECTOR_GUARDED_BY(lock) = 0;
    std::uint32_t next SNAG_DETECTOR_GUARDED_BY(lock) = 0;  // fresh ids: next … end-1
    std::uint32_t end SNAG_DETECTOR_GUARDED_BY(lock) = 0;
    std::uint32_t free SNAG_DETECTOR_GUARDED_BY(lock) = 0;  // reclaimed ids, linked through set_node::left
  };

  set_node& at(std::uint32_t id) const noexcept { return nodes_[id - hooks::first_set_id]; }
  set_node node(cell set) const noexcept { return at(set.id()); }
  std::uint32_t key(cell set) const noexcept {  // some member's id, or the prefix
    return set.is_set() ? node(set).branch : set.id();
  }
  template <which Which, class Keep>
  cell filter_node(cell set, Keep&& keep) noexcept {
    const set_node n = node(set);
    const cell left = filter<Which>(cell(n.left), keep);
    const cell right = filter<Which>(cell(n.right), keep);
    if (left.bits() == n.left && right.bits() == n.right) return set;
    if (left.empty()) return right;
    if (right.empty()) return left;
    const cell changed = make(left, right, n.branch);
    return changed.empty() ? set : changed;  // no id left: dispensable entries stay
  }
  template <which Which, class Visit>
  void for_each_of_node(cell set, Visit&& visit) const {
    const set_node n = node(set);
    for_each<Which>(cell(n.left), visit);
    for_each<Which>(cell(n.right), visit);
  }
  cell join(cell a, cell b) noexcept;  // disjoint prefixes
  cell make(cell left, cell right, std::uint32_t branch) noexcept;
  std::uint32_t take_id(shard& s) noexcept SNAG_DETECTOR_REQUIRES(s.lock);
  void grow(shard& s) noexcept SNAG_DETECTOR_REQUIRES(s.lock);
  void insert(shard& s, std::uint32_t id) noexcept SNAG_DETECTOR_REQUIRES(s.lock);
  void ensure_tables() noexcept;
  bool set_mark(std::uint32_t id) noexcept;  // false: was marked

  // Read by everybody all the time, and so in a line of cache that nobody writes:
  set_node* nodes_ = nullptr;
  std::uint64_t* marks_ = nullptr;
  std::atomic<bool> ready_{false};
  // What is not.
  alignas(64) std::atomic<std::uint32_t> next_{0};  // node ids handed to shards so far
  std::atomic<std::uint32_t> live_{0};              // to `counted_at_once` of each shard
  std::atomic<std::uint64_t> lost_{0};
  spin_lock setup_;
  shard shards_[shard_count];
};

extern access_sets sets;

}  // namespace snag::detector
