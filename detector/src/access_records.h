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
void take_runs(thread_state&) noexcept;
inline void reserve_records(thread_state& t) noexcept {
  if (t.plain_run.empty() || t.atomic_run.empty()) [[unlikely]]
    take_runs(t);
}

inline record_cache::key key_of(const access& a) noexcept {
  return {a.where.site, a.where.context, a.self.locks, a.size << 4 ^ static_cast<std::uint32_t>(a.kind)};
}
record_id new_record(thread_state&, const access&) noexcept;
// The shared record that the access's place has made in this epoch; none: it has made none yet.
inline record_id known_record(thread_state& t, const access& a) noexcept {
  const record_cache::key k = key_of(a);
  const record_id recent = record_cache::find(t.recent.line_for(k), k);
  if (recent == record_id::none || !is_atomic(a.kind)) return in_window(t, recent) ? recent : record_id::none;
  const access_record& r = records[recent];
  return !r.exclusive && r.when == a.self.now() ? recent : record_id::none;
}
// Whether the place has made an exclusive one in this epoch, of another object.
inline bool made_exclusive(thread_state& t, const access& a) noexcept {
  const record_cache::key k = key_of(a);
  const record_id recent = record_cache::find(t.recent.line_for(k), k);
  return recent != record_id::none && records[recent].exclusive && records[recent].when == a.self.now();
}
// The access's record: an earlier one of this epoch and place, or a new one. none: ids are exhausted, the
// access is checked but not remembered, which is counted.
inline record_id record_for(thread_state& t, const access& a) noexcept {
  const record_id known = known_record(t, a);
  return known != record_id::none ? known : new_record(t, a);
}

// What a record says of it, and a record that says so, of nobody else's. none: ids are exhausted, which is
// counted.
access_record record_of(const access&) noexcept;
record_id take_record(record_run&, const access_record&) noexcept;

std::uint64_t unrecorded_accesses() noexcept;

}  // namespace snag::detector
