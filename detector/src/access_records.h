// SPDX-License-Identifier: Apache-2.0
#pragma once
// The records that accesses leave: taken from the thread's runs of ids, one for all accesses of an epoch and
// place. Precondition of all: the thread is inside the core and an actor is mounted.
#include <cstdint>

#include "detector/src/frames.h"
#include "detector/src/thread_state.h"

namespace snag::detector {

struct access {
  actor_state& self;
  access_kind kind;
  std::uint32_t size;  // bytes, as a report says it
  place where;
  events::object_kind of = events::object_kind::other;  // raw_race::of
  bool exclusive = false;                               // its record is (access_record.h)
};

// Sees to it that the next access finds a record without a sweep, which must not happen under a lock of ours:
// the sweep waits for threads that may wait for that lock. check_and_record calls it; callers with a lock
// call it before.
void reserve_records(thread_state&) noexcept;

// The access's record: an earlier one of this epoch and place, or a new one. none: ids are exhausted, the
// access is checked but not remembered, which is counted.
record_id record_for(thread_state&, const access&) noexcept;

// What a record says of it, and a record that says so, of nobody else's. none: ids are exhausted, which is
// counted.
access_record record_of(const access&) noexcept;
record_id take_record(record_run&, const access_record&) noexcept;

std::uint64_t unrecorded_accesses() noexcept;

}  // namespace snag::detector
