// SPDX-License-Identifier: Apache-2.0
#pragma once
// The clock of each atomic object, by address: what an acquiring load of its present value learns, i.e. the
// release sequence that the value belongs to. Most atomics of most programs have none (never stored with
// release): then there is only a lock. A bucket for each 512 bytes of the program, in a reserved table: a
// list and its lock bit.
//
// The lock is held while an atomic operation is performed, so that value and clock change together. Lock
// order: bucket, then granule or object state. Clocks go when their memory is freed (forget): also those of
// locks and their kin that stand in the program's memory and are observed through a proxy, whose buckets name
// them.
#include <atomic>
#include <cstdint>

#include "detector/src/known_order.h"
#include "detector/src/spin_lock.h"
#include "detector/src/touched_map.h"
#include "runtime/events.h"

namespace snag::detector {

namespace detail {
void forget_atomics_of_pages(std::uint64_t begin, std::uint64_t end) noexcept;
}

class SNAG_DETECTOR_ATTRIBUTE(scoped_lockable) locked_atomic {
 public:
  // Locks the bucket(s) of [address, address + bytes); pre: in the program's zones, aligned or not.
  locked_atomic(std::uint64_t address, std::uint32_t bytes) noexcept;
  ~locked_atomic();
  locked_atomic(const locked_atomic&) = delete;

  // The present clock of exactly this address; null: empty.
  const known_order* clock() const noexcept;
  void set_clock(known_order) noexcept;  // an empty one removes the entry
  known_order& made_clock() noexcept;    // to be filled

  // What the program's annotations say of this address, apart from the atomic that may stand there; `part`: 0
  // or 1. Null: nothing.
  const known_order* annotated(unsigned part) const noexcept;
  void join_annotated(unsigned part, const known_order&) noexcept;

 private:
  struct entry;
  friend void detail::forget_atomics_of_pages(std::uint64_t, std::uint64_t) noexcept;
  friend void note_proxy(events::object&) noexcept;
  friend void drop_proxy(events::object&) noexcept;
  friend events::object* proxy_at(std::uint64_t) noexcept;
  friend void release_to_proxy(std::uint64_t, const known_order&) noexcept;
  static std::atomic<std::uintptr_t>& bucket_of(std::uint64_t address) noexcept;
  static void lock(std::atomic<std::uintptr_t>&) noexcept;
  static void lock_contended(std::atomic<std::uintptr_t>&) noexcept;
  static void unlock(std::atomic<std::uintptr_t>&) noexcept;
  entry* find() const noexcept;
  entry& find_or_make() noexcept;
  void remove(entry&) noexcept;

  const std::uint64_t address_;
  std::atomic<std::uintptr_t>& first_;
  std::atomic<std::uintptr_t>* const second_;  // of an object that straddles two buckets; else null
};

// A proxy (events::proxy_object) is made or goes.
void note_proxy(events::object&) noexcept;
void drop_proxy(events::object&) noexcept;
// What stands for the lock or its kin at `address`; null: unknown.
events::object* proxy_at(std::uint64_t address) noexcept;
// The lock at `address`, if it is known: whoever takes it next learns `clock`.
void release_to_proxy(std::uint64_t address, const known_order& clock) noexcept;

// Forgets the clocks of atomics and proxies in [begin, end): the memory is freed, or its stack ended.
inline void forget_atomics(std::uint64_t begin, std::uint64_t end) noexcept {
  // Most of what comes and goes lies in one page, in which no atomics are.
  if (touched_map::same_page(begin, end) && !touched.touched(begin, plane::atomics)) return;
  detail::forget_atomics_of_pages(begin, end);
}

}  // namespace snag::detector
