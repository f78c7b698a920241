// SPDX-License-Identifier: Apache-2.0
#pragma once
// Slots: the index of a goroutine incarnation in clocks and records. A slot is given to another incarnation
// once no record names it, with its time continuing: entries for it in old clocks are then merely in the
// past. The facts of an ended incarnation (who it was, where it was created) are kept as long as a record
// names it. Thread-safe. A pointer from incarnation_at is good until the calling thread leaves the detector.
#include <cstdint>

#include "detector/src/access_record.h"
#include "detector/src/internal_memory.h"
#include "detector/src/race.h"
#include "detector/src/spin_lock.h"

namespace snag::detector {

struct incarnation {
  events::goroutine_id id = events::goroutine_id::none;
  events::goroutine_id parent = events::goroutine_id::none;
  events::actor_kind kind = events::actor_kind::goroutine;
  bool ended = false;  // in the answer of slot_table::find
  site_id created_site = site_id::none;
  context_id created_context = context_id::root;
  const char* live_name = nullptr;  // the actor's own string, while it lives
  string name;                      // copied when it ends
};

class slot_table {
 public:
  // Takes over `who`; its first time is later than any the slot had.
  epoch open(incarnation* who) noexcept;
  // The incarnation moves to another slot, because its clock is about to overflow at `last`. A copy of its
  // facts stays behind for the records of the old slot.
  epoch reopen(epoch last) noexcept;
  // The incarnation ended at `last`. `named`: records may name it; else the slot is free at once.
  void close(epoch last, bool named) noexcept;

  incarnation* incarnation_at(slot_id slot) const noexcept {
    return entries_ ? entries_[static_cast<std::uint32_t>(slot)].who : nullptr;
  }
  // Whether the incarnation that `e` belongs to is the slot's latest. A later time in the same slot is later
  // in its life only then: see vector_clock::surely_covers.
  bool is_latest(epoch e) const noexcept {
    return !entries_ ||
           e.time >= entries_[static_cast<std::uint32_t>(e.slot)].first.load(std::memory_order_acquire);
  }
  bool find(events::goroutine_id, incarnation& copy) noexcept;  // by public id; linear
  std::uint32_t closed_since_sweep() const noexcept { return closed_.load(std::memory_order_relaxed); }
  std::uint32_t slots_in_use() noexcept;

  // --- For the sweep, with the world stopped: slots named by a surviving record are marked, the rest of the
  // closed ones reclaimed.
  void begin_marking() noexcept;
  void mark(slot_id) noexcept;
  void reclaim_unmarked() noexcept;

 private:
  enum class state : std::uint8_t { free, open, closed };
  struct entry {
    incarnation* who = nullptr;
    std::atomic<clock_time> first{0};  // of the latest incarnation
    clock_time last = 0;               // of the one that closed it
    state phase = state::free;
    bool marked = false;
  };
  static_assert(sizeof(entry) == 24);
  static constexpr std::uint64_t capacity = std::uint64_t{1} << 32;

  void make_free(std::uint32_t slot) noexcept SNAG_DETECTOR_REQUIRES(lock_);
  std::uint32_t take() noexcept SNAG_DETECTOR_REQUIRES(lock_);

  entry* entries_ = nullptr;
  // (Not in the line of cache that everybody reads where the table is from.)
  alignas(64) spin_lock lock_;
  std::uint32_t next_ SNAG_DETECTOR_GUARDED_BY(lock_) = 1;
  vector<std::uint32_t> free_ SNAG_DETECTOR_GUARDED_BY(lock_);
  vector<std::uint32_t> closed_list_ SNAG_DETECTOR_GUARDED_BY(lock_);
  std::atomic<std::uint32_t> closed_{0};
};

extern slot_table slots;

}  // namespace snag::detector
