// SPDX-License-Identifier: Apache-2.0
#include "detector/src/vector_clock.h"

#include "detector/src/slot_table.h"

namespace snag::detector {

bool vector_clock::surely_covers(const vector_clock& other) const noexcept {
  if (!other.tag_) return tree_.same_nodes(other.tree_);
  return covers(other.tag_) && slots.is_latest(other.tag_);
}

void vector_clock::join(const vector_clock& other) noexcept {
  if (other.empty() || surely_covers(other)) return;
  if (empty() || other.surely_covers(*this)) {
    *this = other;
    return;
  }
  flatten();
  tree_.join(other.tree_);
  if (other.tag_) tree_.raise(other.tag_.slot, other.tag_.time);
}

const clock_tree& vector_clock::flatten() noexcept {
  if (tag_) tree_.raise(tag_.slot, tag_.time);
  tag_ = {};
  return tree_;
}

}  // namespace snag::detector
