// SPDX-License-Identifier: Apache-2.0
#pragma once
// What an object or a goroutine knows of everybody's time: a shared tree, and at most eight epochs that are
// not in the tree yet, one of which may be the clock's tag: whoever covers the tag covers the whole clock.
// A goroutine that releases publishes what it knows, tagged with its own epoch; whoever has met that release
// already, directly or through others, finds out with one lookup, because happens-before is transitive. A
// few that hand something to and fro share one tree for ever, and touch none of its nodes. A value for one
// thread at a time.
#include "detector/src/clock_tree.h"

namespace snag::detector {

class vector_clock {
 public:
  vector_clock() noexcept = default;
  // The knowledge in `tree` and `tag`; pre: every clock that covers `tag` covers `tree`.
  vector_clock(clock_tree tree, epoch tag) noexcept : tree_(std::move(tree)), tag_(tag) {}

  clock_time get(slot_id slot) const noexcept {
    if (slot == tag_.slot) return tag_.time;
    if (tree_.is_flat_for(slot)) return tree_.get_of_flat(slot);
    for (const epoch e : late_)
      if (e.slot == slot) return e.time;
    return tree_.get(slot);
  }
  bool covers(epoch e) const noexcept { return get(e.slot) >= e.time; }
  bool empty() const noexcept { return tree_.empty() && !tag_ && !has_late(); }

  // Certainly covers everything in `other`; false may mean that finding out is dear. A tag of a slot that has
  // been given to another incarnation since proves nothing: who knows the new one need not have met the old.
  bool surely_covers(const vector_clock& other) const noexcept;
  // `maker`: whose clock this is, at its present epoch; none: an object's.
  void join(const vector_clock&, epoch maker = {}) noexcept;

  // `to` becomes this, tagged with `own`, whose clock this is; pre: every clock that covers `own` covers
  // this.
  void pass_on(vector_clock& to, epoch own) noexcept;
  // The same, where this has not grown since that time of its maker's: what was passed on then is what it
  // would be now, but for its tag.
  void pass_on(vector_clock& to, epoch own, clock_time since) noexcept {
    if (to.tag_.slot != own.slot || to.tag_.time < since) return pass_on(to, own);
    to.tag_ = own;
  }
  // The same for itself.
  void tag_with(epoch own) noexcept {
    give_up_tag(own);
    tag_ = own;
  }

  // Everything in one tree; the tag is given up.
  const clock_tree& flatten(epoch maker = {}) noexcept;
  epoch tag() const noexcept { return tag_; }
  bool is_small() const noexcept { return tree_.empty() || tree_.is_flat(); }
  bool check_invariants() const noexcept;

 private:
  slot_id late_slots() const noexcept;  // the bits of all; none: there is none
  bool has_late() const noexcept { return late_slots() != slot_id::none; }
  void give_up_tag(epoch maker) noexcept;
  void learn(epoch, epoch maker) noexcept;

  clock_tree tree_;
  epoch tag_;  // its time is at least what the rest has for that slot
  // Of different slots, each later than the tree's, and of none that a flat tree takes in. none: free
  epoch late_[7];
};
static_assert(sizeof(vector_clock) == 72);

}  // namespace snag::detector
