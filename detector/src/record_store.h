// SPDX-License-Identifier: Apache-2.0
#pragma once
// The table of access records, indexed by id: 4 GiB of address space, of which only what was used is backed.
// Ids are handed out in runs, so that the records of one epoch are numbered contiguously and the inline check
// can be a range test. Nothing is ever evicted: a record lives until the sweep finds no cell that names it.
// Thread-safe; a run belongs to the thread that took it.
#include <bit>
#include <cstddef>
#include <cstdint>

#include "detector/src/access_record.h"
#include "detector/src/internal_memory.h"
#include "detector/src/spin_lock.h"

namespace snag::detector {

struct record_run {
  std::uint32_t next = 0, end = 0;  // ids next … end-1 are free for the owner
  bool empty() const { return next == end; }
};

class record_store {
 public:
  static constexpr std::uint32_t fresh_run = 256;    // ids
  static constexpr std::uint32_t shortest_run = 16;  // shorter gaps wait until a neighbour dies too

  const access_record& operator[](record_id id) const noexcept {
    return records_[static_cast<std::uint32_t>(id)];
  }
  // Of an exclusive record that says all else already. As a full fence would: what is loaded afterwards is
  // loaded when everybody can see it.
  void renew_time(record_id id, epoch now) noexcept {
    static_assert(sizeof(epoch) == sizeof(std::uint64_t) && offsetof(access_record, when) == 0);
    auto* const when = reinterpret_cast<std::uint64_t*>(&records_[static_cast<std::uint32_t>(id)]);
    __atomic_exchange_n(when, std::bit_cast<std::uint64_t>(now), __ATOMIC_SEQ_CST);
  }
  access_record& slot_for(record_id id) noexcept { return records_[static_cast<std::uint32_t>(id)]; }

  void ensure_table() noexcept;
  record_run take_run() noexcept;  // empty: every id is in use

  // Ids handed out since the last sweep, and those that survived it.
  std::uint32_t taken_since_sweep() const noexcept { return taken_.load(std::memory_order_relaxed); }
  std::uint32_t survivors() const noexcept { return survivors_.load(std::memory_order_relaxed); }

  // --- For the sweep, with the world stopped and every thread's run given up.
  void begin_marking() noexcept;
  bool mark(record_id) noexcept;  // false: was marked
  void reclaim_unmarked() noexcept;

 private:
  access_record* records_ = nullptr;
  std::uint64_t* marks_ = nullptr;
  // (Not in the line of cache that everybody reads where the table is from.)
  alignas(64) spin_lock lock_;
  std::uint32_t next_ SNAG_DETECTOR_GUARDED_BY(lock_) = 1;  // ids from here were never handed out
  vector<record_run> free_ SNAG_DETECTOR_GUARDED_BY(lock_);
  std::uint32_t marked_ = 0;
  std::atomic<std::uint32_t> taken_{0}, survivors_{0};
};

extern record_store records;

}  // namespace snag::detector
