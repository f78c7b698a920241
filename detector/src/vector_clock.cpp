// SPDX-License-Identifier: Apache-2.0
#include "detector/src/vector_clock.h"

#include <algorithm>

#include "detector/src/slot_table.h"

namespace snag::detector {

slot_id vector_clock::late_slots() const noexcept {
  slot_id all = slot_id::none;  // (Without branches: mostly there is none.)
  for (const epoch e : late_)
    all = slot_id{static_cast<std::uint32_t>(all) | static_cast<std::uint32_t>(e.slot)};
  return all;
}

bool vector_clock::surely_covers(const vector_clock& other) const noexcept {
  if (other.tag_) return covers(other.tag_) && slots.is_latest(other.tag_);
  return tree_.same_nodes(other.tree_) &&
         (!other.has_late() ||
          std::all_of(std::begin(other.late_), std::end(other.late_), [this](epoch e) { return covers(e); }));
}

// Pre: no tag. (Of its own slot a goroutine knows better.)
void vector_clock::learn(epoch e, epoch maker) noexcept {
  if (!e || e.slot == maker.slot) return;
  if (tree_.is_flat_for(e.slot)) return tree_.raise(e.slot, e.time, maker);
  epoch* room = nullptr;
  for (epoch& l : late_) {
    if (l.slot == e.slot) {
      l.time = std::max(l.time, e.time);
      return;
    }
    if (!l || l.slot == maker.slot) room = &l;
  }
  if (tree_.get(e.slot) >= e.time) return;
  // (Who has learned of two will learn of more.)
  const slot_id others = late_slots();
  const bool may_be_flat = maker && tree_.empty() && others != slot_id::none &&
                           clock_tree::may_be_flat_for(others) && clock_tree::may_be_flat_for(e.slot);
  if (room && !may_be_flat) {
    *room = e;
  } else {
    flatten(maker);
    learn(e, maker);  // there may be room for it now
  }
}

void vector_clock::give_up_tag(epoch maker) noexcept { learn(std::exchange(tag_, epoch{}), maker); }

void vector_clock::join(const vector_clock& other, epoch maker) noexcept {
  if (other.empty() || surely_covers(other)) return;
  if (empty() || other.surely_covers(*this)) {
    *this = other;
    return;
  }
  give_up_tag(maker);
  if (!tree_.same_nodes(other.tree_)) {
    tree_.join(other.tree_, {maker, maker, other.tag_, [](epoch e) { return slots.is_latest(e); }});
    for (epoch& l : late_) {
      if (!l) continue;
      if (tree_.is_flat_for(l.slot)) tree_.raise(l.slot, l.time, maker);
      if (tree_.get(l.slot) >= l.time) l = {};
    }
  }
  learn(other.tag_, maker);
  if (other.has_late())
    for (const epoch e : other.late_) learn(e, maker);
}

void vector_clock::pass_on(vector_clock& to, epoch own) noexcept {
  give_up_tag(own);
  to = *this;
  to.tag_ = own;
}

const clock_tree& vector_clock::flatten(epoch maker) noexcept {
  const auto take_in = [&](epoch& e) {
    if (const epoch known = std::exchange(e, epoch{})) tree_.raise(known.slot, known.time, maker);
  };
  for (epoch& e : late_) take_in(e);
  take_in(tag_);
  return tree_;
}

bool vector_clock::check_invariants() const noexcept {
  for (const epoch& l : late_) {
    if (!l) continue;
    if (l.time <= tree_.get(l.slot) || tree_.is_flat_for(l.slot) ||
        (l.slot == tag_.slot && l.time > tag_.time))
      return false;
    for (const epoch& other : late_)
      if (&other != &l && other.slot == l.slot) return false;
  }
  return tree_.check_invariants();
}

}  // namespace snag::detector
