// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where those wait who find an initialiser running that is not theirs to run (pthread_once, a function-local
// static): a goroutine parks, a thread sleeps. Keyed by the address of the control word.
#include <atomic>
#include <limits>

#include "runtime/src/futex.h"
#include "runtime/src/posix/lock_events.h"
#include "runtime/src/posix/parking_lot.h"

namespace snag::detail {

struct initialiser_ends {
  std::atomic<std::uint32_t> count{0};  // threads sleep on it
  std::atomic<std::uint32_t> sleepers{0};
};
inline constinit initialiser_ends ends_of_initialisers;

// After the control word says so.
inline void announce_initialiser_end(const void* control) noexcept {
  ends_of_initialisers.count.fetch_add(1, std::memory_order_seq_cst);
  if (ends_of_initialisers.sleepers.load(std::memory_order_seq_cst) != 0)
    futex_wake(ends_of_initialisers.count, std::numeric_limits<int>::max());
  if (anybody_parked(control)) unpark(control, true);
}

// Whoever runs an initialiser owns it, as a lock, until all who wait may go on.
inline void tell_initialising(const void* control, events::site where) noexcept {
  events::observer* const o = events::listening();
  if (o == nullptr) return;
  if (o != events::installed()) return note_taken_here(control, events::lock_mode::exclusive, where);
  if (goroutine* const self = acting_now())
    o->on_lock_owned(*self, object_at(control, events::object_kind::pthread_once),
                     events::lock_mode::exclusive, false, where);
}
inline void tell_initialised(const void* control, events::site where) noexcept {
  events::observer* const o = events::listening();
  if (o == nullptr) return;
  if (o != events::installed() && note_let_go_here(control, events::lock_mode::exclusive)) return;
  if (goroutine* const self = acting_now())
    o->on_lock_disowned(*self, object_at(control, events::object_kind::pthread_once),
                        events::lock_mode::exclusive, where);
}

// Returns at some time after in_progress() became false; may return earlier.
template <class InProgress>
void await_initialiser_end(const void* control, InProgress in_progress, events::site where) noexcept {
  goroutine* const self = running_goroutine();
  if (self == nullptr) {
    initialiser_ends& ends = ends_of_initialisers;
    ends.sleepers.fetch_add(1, std::memory_order_seq_cst);
    const std::uint32_t before = ends.count.load(std::memory_order_seq_cst);
    if (in_progress())
      wait_told(control, events::object_kind::pthread_once, events::wait_operation::wait, wait_reason::once,
                false, where, [&] { return futex_wait(ends.count, before, nanoseconds::max()); });
    ends.sleepers.fetch_sub(1, std::memory_order_relaxed);
    return;
  }
  parking_shard& shard = parking_shard_of(control);
  parked here{control, self};
  shard.mutex.lock();
  shard.push(here);
  if (in_progress()) {
    tell_blocked(*self, control, events::object_kind::pthread_once, events::wait_operation::wait,
                 wait_reason::once, where);
    shard.sleep(here, nanoseconds::max(), wait_reason::once);
  } else {  // over since: whoever ended it may not have seen us
    shard.remove(here);
    shard.mutex.unlock();
  }
}

}  // namespace snag::detail
