// SPDX-License-Identifier: Apache-2.0
#pragma once
// One granule, or an aligned pair, is locked, met (checker.h) and left as the access makes it. Inlined into
// the hooks, which know kind and size: with each epoch every access comes this way once.
#include <utility>

#include "detector/src/brief_meeting.h"
#include "detector/src/checker.h"
#include "detector/src/line_lock.h"
#include "detector/src/touched_map.h"

namespace snag::detector {

inline void mark_pages(std::uint64_t granule, bool wrote, bool read) {
  if (wrote) touched.mark(granule, plane::writes);
  if (read) touched.mark(granule, plane::reads);
}

constexpr bool has_empty(cell c) { return c.empty(); }
constexpr bool has_empty(cell_pair c) { return c.low.empty() || c.high.empty(); }

// After a read.
inline void note_readers(thread_state& t, cell readers, const checker& c) {
  if (!readers.is_set() || c.reader() == record_id::none) return;
  if (in_window(t, c.reader()) && sets.bytes_of(readers, c.reader()) == all_bytes)
    t.hot.known_set = readers.bits();
}

// Both granules of an aligned 8 bytes.
struct outcome_pair {
  cell_pair write, read;
  outcome low() const { return {write.low, read.low}; }
  outcome high() const { return {write.high, read.high}; }
  friend constexpr bool operator==(const outcome_pair&, const outcome_pair&) = default;
};

// What the checker makes of a granule, or of a pair: usually both are in the same state, and then decided
// once.
inline outcome left_by(thread_state& t, checker& c, std::uint64_t granule, outcome found, byte_mask bytes) {
  const outcome left = c.meet(granule, found, bytes);
  note_readers(t, left.read, c);
  return left;
}
[[gnu::always_inline]] inline outcome_pair left_by(thread_state& t, checker& c, std::uint64_t granule,
                                                   const outcome_pair& found) {
  const outcome low = c.meet(granule, found.low(), all_bytes);
  const bool same = found.write.uniform() && found.read.uniform() && !c.raced();
  const outcome high = same ? low : c.meet(granule + 4, found.high(), all_bytes);
  note_readers(t, high.read, c);
  return {{low.write, high.write}, {low.read, high.read}};
}

// Leaves a granule of a locked line (Found = outcome), or a pair, as `meet(found)` answers. (Where a cell
// names somebody its page is known to be touched.)
template <class Found, class Meet>
[[gnu::always_inline]] inline void change_locked(line_lock& lock, bool writes, std::uint64_t granule,
                                                 Meet&& meet) {
  using shape = decltype(Found::write);
  const Found found{lock.write<shape>(granule), lock.read<shape>(granule)};
  const Found left = meet(found);
  if (writes) {
    if (has_empty(found.write)) mark_pages(granule, true, false);
    lock.set_write(granule, left.write);
  }
  if (left.read != found.read) {
    if (has_empty(found.read)) mark_pages(granule, false, true);
    lock.set_read(granule, left.read);
  }
}
// Calls visit(lock) with the line locked.
template <class Visit>
[[gnu::always_inline]] inline void with_line(bool writes, std::uint64_t granule, Visit&& visit) {
  line_lock lock(granule);
  if (writes) {
    lock.lock_as_writer();
    visit(lock);
    lock.unlock_as_writer();
  } else {
    lock.lock_as_reader();
    visit(lock);
    lock.unlock_as_reader();
  }
}
template <class Found, class Meet>
[[gnu::always_inline]] inline void change(bool writes, std::uint64_t granule, Meet&& meet) {
  with_line(writes, granule, [&](line_lock& lock) __attribute__((always_inline)) {
    change_locked<Found>(lock, writes, granule, meet);
  });
}
[[gnu::always_inline]] inline void visit_granule(thread_state& t, checker& c, std::uint64_t granule,
                                                 byte_mask bytes) {
  change<outcome>(c.writes(), granule, [&](outcome found) { return left_by(t, c, granule, found, bytes); });
}
[[gnu::always_inline]] inline void visit_pair(thread_state& t, checker& c, std::uint64_t granule) {
  change<outcome_pair>(c.writes(), granule,
                       [&](const outcome_pair& found) { return left_by(t, c, granule, found); });
}

// One granule has all of the bytes, or they are an aligned pair.
constexpr bool is_of_one_object(std::uint64_t address, std::size_t bytes) {
  return (address & 3) + bytes <= 4 || (bytes == 8 && address % 8 == 0);
}

inline bool in_own_tls(const thread_state& t, std::uint64_t address) {
  return address >= t.static_tls_low && address < t.static_tls_high;
}

// In the scope of an annotation that says so; then it is counted.
inline bool is_ignored(thread_state& t, const access& a) {
  if (!a.self.ignoring.covers(a.kind)) [[likely]]
    return false;
  ++t.ignored;
  return true;
}

// Met by the checker; of one object.
// (Takes a copy of an access that is in registers, as does whatever is out of line.)
[[gnu::noinline]] inline outcome met_at_length(thread_state& t, const access& a, std::uint64_t granule,
                                               outcome found, byte_mask bytes) {
  checker c(t, a, nullptr, true);
  return left_by(t, c, granule, found, bytes);
}
[[gnu::noinline]] inline outcome_pair met_at_length(thread_state& t, const access& a, std::uint64_t granule,
                                                    const outcome_pair& found) {
  checker c(t, a, nullptr, true);
  return left_by(t, c, granule, found);
}
[[gnu::noinline]] inline void visit_at_length(thread_state& t, const access& a, std::uint64_t address,
                                              std::size_t bytes) {
  if (is_ignored(t, a)) return;
  reserve_records(t);
  checker c(t, a, in_own_tls(t, address) ? &t.turns : nullptr, a.size == bytes);
  if (bytes == 8) return visit_pair(t, c, address);
  visit_granule(t, c, address & ~std::uint64_t{3}, mask_of(address, bytes));
}

// Pre: is_of_one_object(address, bytes), in the program; not of thread-locals.
template <access_kind Kind>
[[gnu::always_inline]] inline void visit_briefly(thread_state& t, const access& a, std::uint64_t address,
                                                 std::size_t bytes) {
  brief_meeting<Kind, true> brief(t, a);
  if (bytes == 8) {
    change<outcome_pair>(is_write(Kind), address,
                         [&](const outcome_pair& found) __attribute__((always_inline)) {
                           outcome left;
                           const bool uniform = found.write.uniform() && found.read.uniform();
                           if (!uniform || !brief.meet(address, found.low(), all_bytes, left)) [[unlikely]]
                             return met_at_length(t, access(a), address, outcome_pair(found));
                           return outcome_pair{{left.write, left.write}, {left.read, left.read}};
                         });
    return;
  }
  const std::uint64_t granule = address & ~std::uint64_t{3};
  const byte_mask mask = mask_of(address, bytes);
  change<outcome>(is_write(Kind), granule, [&](outcome found) __attribute__((always_inline)) {
    outcome left;
    if (!brief.meet(granule, found, mask, left)) [[unlikely]]
      return met_at_length(t, access(a), granule, found, mask);
    return left;
  });
}

// Pre: a.kind is Kind; is_of_one_object(address, bytes), in the program.
template <access_kind Kind>
[[gnu::always_inline]] inline void visit_object(thread_state& t, const access& a, std::uint64_t address,
                                                std::size_t bytes) {
  if (in_own_tls(t, address) || a.self.ignoring.covers(Kind) || a.size != bytes) [[unlikely]]
    return visit_at_length(t, access(a), address, bytes);
  reserve_records(t);
  visit_briefly<Kind>(t, a, address, bytes);
}

// What is remembered of the goroutine's exclusive record of reading there; null: nothing.
inline exclusive_records::entry* own_read_at(thread_state& t, std::uint64_t address) {
  return t.own_records.find(address & ~std::uint64_t{3}, t.actor->now().slot, access_kind::read);
}

// A read of what others read as well, whose goroutine has an exclusive record there, while both cells name
// what they named when that was last renewed under their lock: then it is renewed without one, and readers
// leave each other's cache lines alone. It meets a writer as in Dekker's algorithm, as under the lock
// (line_lock.h): the time is stored before the cells are looked at again, and a writer that has not seen
// it had locked the line before, which is busy then, or its cell another. (That the cell was another in
// between and is the same again cannot be: what a record names in the plane of writes came before us then and
// does now.) False: it has to be met, which is right also if the time was stored.
// `e`: see own_read_at.
template <std::size_t Bytes>
[[gnu::always_inline]] inline bool renewed_without_lock(thread_state& t, const access& a,
                                                        std::uint64_t address, exclusive_records::entry* e) {
  constexpr bool pair = Bytes == 8;
  const std::uint64_t granule = address & ~std::uint64_t{3};
  if (e == nullptr || e->pair != pair || e->bytes != (pair ? all_bytes : mask_of(address, Bytes)) ||
      e->other == exclusive_records::unsettled || a.self.ignoring.covers(access_kind::read))
    return false;
  const auto named_as_before = [&] {
    if (written_now(granule)) return false;
    if constexpr (pair) {
      const cell own(e->cell), other(e->other);
      return pair_at(granule, hooks::read_plane).load(std::memory_order_seq_cst) ==
                 cell_pair{own, own}.bits() &&
             pair_at(granule, hooks::write_plane).load(std::memory_order_seq_cst) ==
                 cell_pair{other, other}.bits();
    } else {
      return read_cell(granule).load(std::memory_order_seq_cst) == e->cell &&
             write_cell(granule).load(std::memory_order_seq_cst) == e->other;
    }
  };
  if (!named_as_before()) return false;
  if (a.self.is_unlearned(e->when)) return true;
  const remembered_place place(t, a);
  if (place.known(t) != record_id::none) return false;
  access_record r = record_of(a);
  r.exclusive = true;
  if (!records[e->record].differs_in_time_alone(r)) return false;
  if (const access_record& w = records[cell(e->other).record()];
      e->other != 0 && w.when.slot != r.when.slot && !others_come_before(t, a.self, w))
    return false;
  records.renew_time(e->record, r.when);
  if (!named_as_before()) return false;
  e->when = r.when;  // not before: it says that nobody has missed it (on_record)
  place.remember(e->record);
  return true;
}

// The cell that the access is recorded in, and that of the other plane.
inline std::pair<cell, cell> planes_of(const access& a, outcome o) {
  return is_write(a.kind) ? std::pair(o.write, o.read) : std::pair(o.read, o.write);
}

// An atomic access: mostly its goroutine has been there before, and so have those who were then compared with
// it. True: its record says so, and the cells stay.
inline bool renewed_atomic(thread_state& t, const access& a, std::uint64_t granule, outcome found,
                           byte_mask bytes) {
  const auto [own, other] = planes_of(a, found);
  exclusive_records::entry* const e = t.own_records.find(granule, a.self.now().slot, a.kind);
  if (!still_holds(e, a, own, bytes) || e->other != other.bits()) return false;
  if (a.self.locks != lock_set_id::none) return false;  // (flows)
  if (a.exclusive) return renew(*e, a), true;
  const remembered_place place(t, a);
  if (known_record(t, a, place) != record_id::none) return false;
  if (renew(*e, a)) place.remember(e->record);
  return true;
}
// Met by the checker, which has left the cells as they were: so it may go next time. (Not beside plain reads
// that may be renewed themselves: they are to be compared each time. A plain write never is.)
inline void remember_atomic(thread_state& t, const access& a, const checker& c, std::uint64_t granule,
                            outcome found, byte_mask bytes) {
  const auto [own, other] = planes_of(a, found);
  const bool may_change = sets.has_exclusive(other) && sets.has_plain(other);
  if (!c.raced() && !may_change && c.exclusive_record() != record_id::none)
    t.own_records.insert(
        {granule, a.self.now(), c.exclusive_record(), own.bits(), other.bits(), bytes, a.kind, a.size == 8});
}
// Pre: is_of_one_object(address, bytes), in the program.
inline void visit_atomic(thread_state& t, const access& a, std::uint64_t address, std::size_t bytes) {
  if (in_own_tls(t, address) || a.self.ignoring.covers(a.kind) || a.size != bytes) [[unlikely]]
    return visit_at_length(t, a, address, bytes);
  reserve_records(t);
  if (bytes == 8) {
    change<outcome_pair>(is_write(a.kind), address, [&](const outcome_pair& found) {
      const bool uniform = found.write.uniform() && found.read.uniform();
      if (uniform && renewed_atomic(t, a, address, found.low(), all_bytes)) return found;
      checker c(t, a, nullptr, true);
      const outcome_pair left = left_by(t, c, address, found);
      if (uniform && left == found) remember_atomic(t, a, c, address, found.low(), all_bytes);
      return left;
    });
    return;
  }
  const std::uint64_t granule = address & ~std::uint64_t{3};
  const byte_mask mask = mask_of(address, bytes);
  change<outcome>(is_write(a.kind), granule, [&](outcome found) {
    if (renewed_atomic(t, a, granule, found, mask)) return found;
    checker c(t, a, nullptr, true);
    const outcome left = left_by(t, c, granule, found, mask);
    if (left == found) remember_atomic(t, a, c, granule, found, mask);
    return left;
  });
}

}  // namespace snag::detector
