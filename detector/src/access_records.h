// SPDX-License-Identifier: Apache-2.0
#pragma once
// The records that accesses leave: taken from the thread's runs of ids, one for all accesses of an epoch and
// place. Precondition of all: the thread is inside the core and an actor is mounted.
#include <cstdint>

#include "detector/src/access_set.h"
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

bool refill(record_run&) noexcept;  // false: ids are exhausted, which is counted

// A record of nobody else's that says so. none: ids are exhausted.
inline record_id take_record(record_run& run, const access_record& r) noexcept {
  if (run.empty() && !refill(run)) [[unlikely]]
    return record_id::none;
  const record_id id{run.next++};
  records.slot_for(id) = r;
  return id;
}

// What a record says of an access.
[[gnu::always_inline]] inline access_record record_of(const access& a) noexcept {
  access_record r;
  r.when = a.self.now();
  r.site = a.where.site;
  r.context = a.where.context;
  r.locks = a.self.locks;
  r.last_release = a.self.last_release.site;
  r.last_release_context = a.self.last_release.context;
  r.size = a.size < access_record::max_size ? a.size : access_record::max_size;
  r.exclusive = a.exclusive;
  r.kind_bits = static_cast<std::uint32_t>(a.kind);
  return r;
}

[[gnu::always_inline]] inline record_cache::key key_of(const access& a) noexcept {
  return {a.where.site, a.where.context, a.self.locks, a.size << 4 ^ static_cast<std::uint32_t>(a.kind)};
}
// Where an access's place is remembered, with the record that it made last.
class remembered_place {
 public:
  remembered_place(thread_state& t, const access& a) noexcept
      : of_(key_of(a)), line_(t.recent.line_for(of_)), entry_(record_cache::find(line_, of_)) {}
  bool has_entry() const noexcept { return entry_ != nullptr; }  // else remembering makes one
  record_id latest() const noexcept { return entry_ != nullptr ? entry_->record : record_id::none; }
  // Of a plain access: the record of this epoch; none: it has made none yet.
  record_id known(const thread_state& t) const noexcept {
    return in_window(t, latest()) ? latest() : record_id::none;
  }
  void remember(record_id r) const noexcept {
    if (entry_ != nullptr) {
      entry_->record = r;
    } else {
      record_cache::insert(line_, of_, r);
    }
  }

 private:
  const record_cache::key of_;
  record_cache::line& line_;
  record_cache::entry* const entry_;
};
record_id new_record(thread_state&, const access&, const remembered_place&) noexcept;
// The record is of the thread's current epoch: what names it is on record.
[[gnu::always_inline]] inline void widen_window(thread_state& t, record_id r) noexcept {
  const auto id = static_cast<std::uint32_t>(r);
  if (t.hot.window_span == 0 || t.hot.window_base + t.hot.window_span != id) {
    close_window(t);  // never a window over somebody else's records, not even for a signal handler
    std::atomic_signal_fence(std::memory_order_seq_cst);
    t.hot.window_base = id;
  }
  std::atomic_signal_fence(std::memory_order_seq_cst);
  ++t.hot.window_span;
}
// The same of a plain access, usually in a few stores.
[[gnu::always_inline]] inline record_id new_plain_record(thread_state& t, const access& a,
                                                         const remembered_place& place) noexcept {
  if (t.plain_run.empty() || !place.has_entry()) [[unlikely]]
    return new_record(t, access(a), remembered_place(place));
  const record_id id{t.plain_run.next++};
  records.slot_for(id) = record_of(a);
  a.self.note_record();
  place.remember(id);
  widen_window(t, id);
  return id;
}
// The shared record that the access's place has made in this epoch; none: it has made none yet.
inline record_id known_record(const thread_state& t, const access& a,
                              const remembered_place& place) noexcept {
  if (place.latest() == record_id::none || !is_atomic(a.kind)) return place.known(t);
  const access_record& r = records[place.latest()];
  return !r.exclusive && r.when == a.self.now() ? place.latest() : record_id::none;
}
inline record_id known_record(thread_state& t, const access& a) noexcept {
  return known_record(t, a, remembered_place(t, a));
}
// An exclusive record says so of this access.
inline void write_exclusive(const access& a, record_id id) noexcept {
  access_record r = record_of(a);
  r.exclusive = true;
  records.slot_for(id) = r;
  a.self.note_record();
}
// What is known of the goroutine's own exclusive record, that `c` names it and it is of such an access,
// holds. (Also of a set of readers that others have joined since.)
inline bool still_holds(exclusive_records::entry* e, const access& a, cell c, byte_mask bytes) noexcept {
  if (e == nullptr || e->bytes != bytes) return false;
  if (e->cell != c.bits()) {
    if (is_write(a.kind) || sets.bytes_of(c, e->record) != bytes) return false;
    e->cell = c.bits();
  }
  const access_record& p = records[e->record];
  return p.exclusive && p.when.slot == a.self.now().slot && p.kind() == a.kind && p.size == a.size;
}
// Then the record says so of this access now. False: it did.
inline bool renew(exclusive_records::entry& e, const access& a) noexcept {
  e.when = a.self.now();
  if (records[e.record].when == e.when) return false;
  write_exclusive(a, e.record);
  return true;
}
// Whether the place has made an exclusive one in this epoch, of another object.
inline bool made_exclusive(thread_state& t, const access& a) noexcept {
  const record_id recent = remembered_place(t, a).latest();
  return recent != record_id::none && records[recent].exclusive && records[recent].when == a.self.now();
}
// The access's record: an earlier one of this epoch and place, or a new one. none: ids are exhausted, the
// access is checked but not remembered, which is counted.
inline record_id record_for(thread_state& t, const access& a) noexcept {
  const remembered_place place(t, a);
  const record_id known = known_record(t, a, place);
  return known != record_id::none ? known : new_record(t, a, place);
}

std::uint64_t unrecorded_accesses() noexcept;

}  // namespace snag::detector
