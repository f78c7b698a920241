// SPDX-License-Identifier: Apache-2.0
#pragma once
// One granule, or an aligned pair, is locked, met (checker.h) and left as the access makes it. Inlined into
// the hooks, which know kind and size: with each epoch every access comes this way once.
#include "detector/src/checker.h"
#include "detector/src/granule_lock.h"
#include "detector/src/touched_map.h"

namespace snag::detector {

inline void mark_pages(std::uint64_t granule, bool wrote, bool read) {
  if (wrote) touched.mark(granule, plane::writes);
  if (read) touched.mark(granule, plane::reads);
}

// After a read.
inline void note_readers(thread_state& t, cell readers, const checker& c) {
  if (!readers.is_set() || c.reader() == record_id::none) return;
  if (in_window(t, c.reader()) && sets.bytes_of(readers, c.reader()) == all_bytes)
    t.hot.known_set = readers.bits();
}

inline void visit_granule(thread_state& t, checker& c, std::uint64_t granule, byte_mask bytes) {
  granule_lock<cell> lock(granule);
  outcome found;
  if (c.writes()) {
    lock.lock_as_writer(found.write, found.read);
    const outcome left = c.meet(granule, found, bytes);
    mark_pages(granule, true, left.read != found.read);
    lock.unlock_as_writer(found.read, left.write, left.read);
  } else {
    lock.lock_as_reader(found.write, found.read);
    const outcome left = c.meet(granule, found, bytes);
    mark_pages(granule, false, true);
    lock.unlock_as_reader(left.read);
    note_readers(t, left.read, c);
  }
}

// Both granules of an aligned 8 bytes, in full: usually in the same state, and then decided once.
inline void visit_pair(thread_state& t, checker& c, std::uint64_t granule) {
  granule_lock<cell_pair> lock(granule);
  cell_pair write, read;
  if (c.writes()) {
    lock.lock_as_writer(write, read);
  } else {
    lock.lock_as_reader(write, read);
  }
  const outcome low = c.meet(granule, {write.low, read.low}, all_bytes);
  const bool same = write.uniform() && read.uniform() && !c.raced();
  const outcome high = same ? low : c.meet(granule + 4, {write.high, read.high}, all_bytes);
  const cell_pair new_read{low.read, high.read};
  if (c.writes()) {
    mark_pages(granule, true, new_read != read);
    lock.unlock_as_writer(read, {low.write, high.write}, new_read);
  } else {
    mark_pages(granule, false, true);
    lock.unlock_as_reader(new_read);
    note_readers(t, high.read, c);
  }
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

// Pre: is_of_one_object(address, bytes), in the program; no end of memory.
[[gnu::always_inline]] inline void visit_object(thread_state& t, const access& a, std::uint64_t address,
                                                std::size_t bytes) {
  if (is_ignored(t, a)) return;
  reserve_records(t);
  checker c(t, a, in_own_tls(t, address) ? &t.turns : nullptr, a.size == bytes);
  if (bytes == 8) return visit_pair(t, c, address);
  const std::uint64_t within = address & 3;
  visit_granule(t, c, address - within, ((1u << bytes) - 1) << within);
}

}  // namespace snag::detector
