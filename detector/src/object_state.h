// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the core keeps of a synchronisation object: its clocks. Most objects have one; a channel has one for
// each buffer slot, and one for its close. Hangs in events::object::slot; made by the object's first event.
// Thread-safe by its lock (events of one object come under the runtime's own lock, but we do not rely on it).
#include <cstddef>

#include "detector/src/frames.h"
#include "detector/src/internal_memory.h"
#include "detector/src/known_order.h"
#include "detector/src/liveness/handle_ends.h"
#include "detector/src/spin_lock.h"
#include "runtime/events.h"

namespace snag::detector {

// Clocks by index, from 0, made in blocks as they are used: a channel of a million slots costs what it uses.
class clock_table {
 public:
  clock_table() = default;
  ~clock_table();
  clock_table(const clock_table&) = delete;
  void clear() noexcept;
  known_order& operator[](std::size_t index) noexcept;

 private:
  static constexpr std::size_t block = 16;
  vector<known_order*> blocks_;
};

// Who took a lock, when, and holding what: the lock first.
struct lock_taker {
  events::goroutine_id who = events::goroutine_id::none;
  epoch at;
  lock_set_id with_it = lock_set_id::none;
};

// Who is seen to send to (or close), or receive from, a channel: one, or several.
struct channel_end {
  events::goroutine_id only = events::goroutine_id::none;
  bool several = false;
  void note(events::goroutine_id who) noexcept {
    several = several || (only != events::goroutine_id::none && only != who);
    only = who;
  }
};

struct object_state {
  spin_lock lock;
  known_order first SNAG_DETECTOR_GUARDED_BY(lock);  // part 0, of nearly all objects
  epoch unseen
      SNAG_DETECTOR_GUARDED_BY(lock);  // of a mutex: what its last unlocking published; none: learned
  clock_table parts SNAG_DETECTOR_GUARDED_BY(lock);  // part n at n - 1
  clock_table slots SNAG_DETECTOR_GUARDED_BY(lock);  // of a channel's buffer
  known_order closed SNAG_DETECTOR_GUARDED_BY(lock);
  // Of a lock: who holds it for writing, since where, and how many hold it for reading. Of a channel: who
  // closed it, where. Of a wait group: who made the first add of the latest round, which found it at zero,
  // and where.
  events::goroutine_id owner SNAG_DETECTOR_GUARDED_BY(lock) = events::goroutine_id::none;
  place taken SNAG_DETECTOR_GUARDED_BY(lock);
  std::uint32_t readers SNAG_DETECTOR_GUARDED_BY(lock) = 0;
  lock_taker takers[2] SNAG_DETECTOR_GUARDED_BY(
      lock);  // the latest, and the latest other one; none who tried

  // Of an object that has counted handles, or is waited for as one.
  handle_ends* known_ends SNAG_DETECTOR_GUARDED_BY(lock) = nullptr;
  handle_ends& ends() noexcept SNAG_DETECTOR_REQUIRES(lock) {
    if (known_ends == nullptr) known_ends = internal_new<handle_ends>();
    return *known_ends;
  }

  // Of a channel.
  channel_end senders SNAG_DETECTOR_GUARDED_BY(lock), receivers SNAG_DETECTOR_GUARDED_BY(lock);
  std::uint32_t waits_predicted SNAG_DETECTOR_GUARDED_BY(lock) = 0;  // lock_order.h: the latest; 0: none

  // Of a wait group: when its first round began, and the latest; and by how much the count has changed since
  // that, but for what comes after that first add. So much would it be if the add came late.
  epoch begun SNAG_DETECTOR_GUARDED_BY(lock), round SNAG_DETECTOR_GUARDED_BY(lock);
  std::int64_t without_first SNAG_DETECTOR_GUARDED_BY(lock) = 0;
  // And who took the count below zero last, when and where.
  struct {
    events::goroutine_id who = events::goroutine_id::none;
    epoch at;
    place where;
  } early SNAG_DETECTOR_GUARDED_BY(lock);

  // Of an object whose part 0 grows by many releases (a wait group): it is like an actor that learns them.
  // Its epoch is the tag of what they made together, so that joins need not look through it; a new one begins
  // when somebody has learned the last.
  epoch merger SNAG_DETECTOR_GUARDED_BY(lock);
  bool merged_is_known SNAG_DETECTOR_GUARDED_BY(lock) = false;

  ~object_state();
  known_order& part(std::size_t n) noexcept SNAG_DETECTOR_REQUIRES(lock) {
    return n == 0 ? first : parts[n - 1];
  }
  const known_order& learn(std::size_t part) noexcept SNAG_DETECTOR_REQUIRES(lock);
  void merge(std::size_t part, const known_order&) noexcept SNAG_DETECTOR_REQUIRES(lock);
};

object_state& state_of(events::object&) noexcept;
void drop_state(events::object&) noexcept;
void reset_state(events::object&) noexcept;  // as new: its memory was freed and may be another object's

}  // namespace snag::detector
