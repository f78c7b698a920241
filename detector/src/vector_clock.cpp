// SPDX-License-Identifier: Apache-2.0
#include "detector/src/vector_clock.h"

#include "detector/src/slot_table.h"

namespace snag::detector {

bool vector_clock::surely_covers(const vector_clock& other) const noexcept {
  if (!other.tag_) return tree_.same_nodes(other.tree_);
  return covers(other.tag_) && slots.is_latest(other.tag_);
}

namespace {
bool is_latest(epoch e) { return slots.is_latest(e); }
}  // namespace

void vector_clock::join(const vector_clock& other, epoch maker) noexcept {
  if (other.empty() || surely_covers(other)) return;
  if (empty() || other.surely_covers(*this)) {
    *this = other;
    return;
  }
  flatten(maker);
  tree_.join(other.tree_, {maker, maker, other.tag_, is_latest});
  if (other.tag_) tree_.raise(other.tag_.slot, other.tag_.time, maker);
}

const clock_tree& vector_clock::flatten(epoch maker) noexcept {
  if (tag_) tree_.raise(tag_.slot, tag_.time, maker);
  tag_ = {};
  return tree_;
}

}  // namespace snag::detector
