// SPDX-License-Identifier: Apache-2.0
#pragma once
// What happens-before says, twice: with every edge, which is what races are judged by, and without those from
// a lock's release to its next acquisition, which is what orders of locks are judged by (lock_order/): two
// sections under one lock always have some order in a run, and could have had the other. Both are counted in
// the same epochs, and never mixed: a tag in one proves nothing of the other. A value for one thread at a
// time.
#include "detector/src/vector_clock.h"

namespace snag::detector {

struct known_order {
  vector_clock all;
  vector_clock but_locks;  // empty in what a lock passes on

  bool empty() const noexcept { return all.empty(); }
  bool is_small() const noexcept { return all.is_small(); }
  void join(const known_order& other, epoch maker = {}) noexcept {
    all.join(other.all, maker);
    but_locks.join(other.but_locks, maker);
  }
};

}  // namespace snag::detector
