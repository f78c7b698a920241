// SPDX-License-Identifier: Apache-2.0
#pragma once
// What an object or a goroutine knows of everybody's time: a shared tree, and at most one epoch on top that
// is not in the tree yet. That epoch is also the clock's tag: whoever covers the tag covers the whole clock.
// A goroutine that releases publishes (its tree, its own epoch), which costs one reference; whoever has met
// that release already, directly or through others, finds out with one lookup, because happens-before is
// transitive. A value for one thread at a time.
#include "detector/src/clock_tree.h"

namespace snag::detector {

class vector_clock {
 public:
  vector_clock() noexcept = default;
  // The knowledge in `tree` and `tag`; pre: every clock that covers `tag` covers `tree`.
  vector_clock(clock_tree tree, epoch tag) noexcept : tree_(std::move(tree)), tag_(tag) {}

  clock_time get(slot_id slot) const noexcept { return slot == tag_.slot ? tag_.time : tree_.get(slot); }
  bool covers(epoch e) const noexcept { return get(e.slot) >= e.time; }
  bool empty() const noexcept { return tree_.empty() && !tag_; }

  // Certainly covers everything in `other`; false may mean that finding out is dear. A tag of a slot that has
  // been given to another incarnation since proves nothing: who knows the new one need not have met the old.
  bool surely_covers(const vector_clock& other) const noexcept;
  // `maker`: whose clock this is, at its present epoch; none: an object's.
  void join(const vector_clock&, epoch maker = {}) noexcept;

  // Everything in one tree; the tag is given up.
  const clock_tree& flatten(epoch maker = {}) noexcept;
  epoch tag() const noexcept { return tag_; }
  bool is_small() const noexcept { return tree_.empty() || tree_.is_leaf(); }
  bool check_invariants() const noexcept { return tree_.check_invariants(); }

 private:
  clock_tree tree_;
  epoch tag_;  // its time is at least the tree's for that slot
};
static_assert(sizeof(vector_clock) == 16);

}  // namespace snag::detector
