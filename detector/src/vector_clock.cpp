// SPDX-License-Identifier: Apache-2.0
#include "detector/src/vector_clock.h"

namespace snag::detector {

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
