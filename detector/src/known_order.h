// SPDX-License-Identifier: Apache-2.0
#pragma once
// What happens-before says, twice: with every edge, which is what races are judged by, and without those from
// a lock's release to its next acquisition, which is what orders of locks are judged by (lock_order/): two
// sections under one lock always have some order in a run, and could have had the other. Both are counted in
// the same epochs. As long as no lock has told anything new, both are one clock, and cost what one does: a
// goroutine whose order differs stays so, and so does whoever learns from it. Hence a tag proves the same in
// either as long as they are one, and nothing of the other afterwards. A value for one thread at a time.
#include "detector/src/vector_clock.h"

namespace snag::detector {

class known_order {
 public:
  known_order() noexcept = default;
  explicit known_order(vector_clock everything) noexcept : all_(std::move(everything)) {}

  known_order(vector_clock everything, vector_clock but_locks) noexcept
      : all_(std::move(everything)), but_locks_(std::move(but_locks)), differs_(true) {}

  const vector_clock& all() const noexcept { return all_; }
  const vector_clock& but_locks() const noexcept { return differs_ ? but_locks_ : all_; }
  bool differs() const noexcept { return differs_; }
  bool empty() const noexcept { return all_.empty(); }
  bool is_small() const noexcept { return all_.is_small(); }

  void join(const known_order& other, epoch maker = {}) noexcept {
    if (other.empty()) return;
    if (empty()) {
      *this = other;
      return;
    }
    if (other.differs_) tell_apart();
    all_.join(other.all_, maker);
    if (differs_) but_locks_.join(other.but_locks(), maker);
  }
  // Two clocks from now on.
  void tell_apart() noexcept {
    if (!differs_) but_locks_ = all_;
    differs_ = true;
  }
  // `to` becomes this, tagged with `own` (vector_clock.h). What a lock passes on has nothing `but_locks`.
  // `since`: when all() last grew.
  void pass_on(known_order& to, epoch own, clock_time since) noexcept {
    all_.pass_on(to.all_, own, since);
    if (differs_) {
      but_locks_.pass_on(to.but_locks_, own);
    } else if (to.differs_) {
      to.but_locks_ = {};
    }
    to.differs_ = differs_;
  }
  void pass_on_through_lock(known_order& to, epoch own, clock_time since) noexcept {
    all_.pass_on(to.all_, own, since);
    if (to.differs_) to.but_locks_ = {};
    to.differs_ = true;
  }
  // Calls change(clock) for the one clock or for both.
  template <class Change>
  void change(Change&& change) noexcept {
    change(all_);
    if (differs_) change(but_locks_);
  }

 private:
  friend class actor_state;
  vector_clock all_, but_locks_;
  bool differs_ = false;
};

}  // namespace snag::detector
