// SPDX-License-Identifier: Apache-2.0
#pragma once
// How many handles of an object are left for each direction, how many wait for it, and where handles went
// last. So the moment is seen at which nobody may be left to end a wait (last_handle.h).
//
// A handle that is moved, or copied for a call and gone with it, was no loss: there are as many as before.
// Told of at once, a gain and then a loss by the same actor, they are known by the number of the gain.
//
// Not thread-safe: under the lock of the object's state. 128 bytes an object that has handles.
#include <cstdint>

#include "detector/src/frames.h"
#include "runtime/events.h"

namespace snag::detector {

struct handle_loss {
  events::goroutine_id by = events::goroutine_id::none;  // none: nobody, or not known
  place where;
  place created;  // the actor
};

class handle_ends {
 public:
  std::uint32_t gained(events::direction) noexcept;  // its number
  bool is_latest(std::uint32_t gain) const noexcept { return changes_ == gain; }
  void lost(events::direction) noexcept;
  void note(events::direction, handle_loss) noexcept;  // of one that was lost

  void waits(events::wait_operation, int more) noexcept;

  // Nobody has a handle any more that could end one of the waits; or so few are left that they may be those
  // of the ones who wait.
  bool is_stranded() const noexcept { return all_for_waiters_but(0); }
  bool may_be_stranded() const noexcept { return all_for_waiters_but(handles_of_a_waiter); }

  // The latest that went, of those that could have ended a wait for this, by somebody else.
  handle_loss latest(events::wait_operation, events::goroutine_id but) const noexcept;

 private:
  static constexpr std::uint32_t handles_of_a_waiter = 2;  // a closure's, and that of what it called
  struct history {
    handle_loss last, last_by_another;
    void add(handle_loss) noexcept;
  };

  bool all_for_waiters_but(std::uint32_t each) const noexcept {
    return (receivers_ != 0 && to_send_ <= each * receivers_) || (senders_ != 0 && all_ <= each * senders_);
  }

  std::uint32_t changes_ = 0;
  std::uint32_t all_ = 0, to_send_ = 0;        // who may send may close
  std::uint32_t receivers_ = 0, senders_ = 0;  // that wait; who waits for anything else counts as a receiver
  history of_sending_, of_receiving_;
};

// Who could end the wait: to receive, one who may send or close; to send, anybody.
constexpr bool may_end(events::wait_operation waited_for, events::direction has) noexcept {
  return waited_for == events::wait_operation::send || has != events::direction::receive;
}

}  // namespace snag::detector
