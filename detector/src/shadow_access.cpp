// SPDX-License-Identifier: Apache-2.0
#include "detector/src/shadow_access.h"

#include <sched.h>

#include <algorithm>
#include <optional>

#include "detector/src/address_space.h"
#include "detector/src/granule_lock.h"
#include "detector/src/granule_visit.h"
#include "detector/src/on_record.h"
#include "detector/src/touched_map.h"

namespace snag::detector {

constinit race_sink sink_for_testing = nullptr;

// Longer each time: who holds the lock then takes it several times in a row, in caches that nobody pulls at.
void wait_a_little(unsigned& spins) noexcept {
  constexpr unsigned longest = 7, before_yielding = 16;
  for (unsigned pauses = 1u << std::min(spins, longest); pauses != 0; --pauses) __builtin_ia32_pause();
  if (++spins >= before_yielding) sched_yield();
}

namespace {

// What this epoch of the calling thread's has of a longer range on record already, looked up without a lock:
// nothing can have been ordered after it, so it still stands or somebody reported against it. (One
// instruction's access is recorded in the plane of its own, where the inline check will look.)
class standing_records {
 public:
  standing_records(thread_state& t, access_kind kind, std::size_t bytes) noexcept
      : t_(t), asked_(bytes > worth_a_look && may_be_on_record(kind)), writes_(is_write(kind)) {}

  // A write stands for a read, too.
  bool cover(std::uint64_t granule) const noexcept {
    const auto in = [&](const shadow_cell& c) { return is_covered(t_, c.load(std::memory_order_acquire)); };
    return asked_ && (in(write_cell(granule)) || (!writes_ && in(read_cell(granule))));
  }
  bool cover_pair(std::uint64_t granule) const noexcept {
    const auto in = [&](std::uint64_t plane) {
      const cell_pair c = cell_pair::from(pair_at(granule, plane).load(std::memory_order_acquire));
      return is_covered(t_, c.low.bits()) && is_covered(t_, c.high.bits());
    };
    return asked_ && (in(hooks::write_plane) || (!writes_ && in(hooks::read_plane)));
  }

 private:
  thread_state& t_;
  const bool asked_, writes_;
};

// The end of memory that this epoch wrote: whoever comes meanwhile meets the earlier record and reports
// against that, so ours takes its place without a lock. (Where others, or an earlier epoch, wrote or read:
// no.)
class ending_own_memory {
 public:
  ending_own_memory(const thread_state& t, record_id ours) noexcept
      : t_(t), asked_(ours != record_id::none), ours_(ours, all_bytes) {}

  bool replaced(std::uint64_t granule) noexcept {
    if (!asked_) return false;
    const cell write(write_cell(granule).load(std::memory_order_acquire));
    const cell read(read_cell(granule).load(std::memory_order_acquire));
    if (!in_window(t_, write.bits()) || !read_by_us(read)) return false;
    write_cell(granule).store(ours_.bits(), std::memory_order_release);
    if (!read.empty()) read_cell(granule).store(0, std::memory_order_release);
    return true;
  }
  bool replaced_pair(std::uint64_t granule) noexcept {
    if (!asked_) return false;
    shadow_pair& writes = pair_at(granule, hooks::write_plane);
    shadow_pair& reads = pair_at(granule, hooks::read_plane);
    const cell_pair write = cell_pair::from(writes.load(std::memory_order_acquire));
    const cell_pair read = cell_pair::from(reads.load(std::memory_order_acquire));
    if (write != known_write_ || read != known_read_) {  // neighbours are mostly alike
      if (!in_window(t_, write.low.bits()) || !in_window(t_, write.high.bits()) || !read_by_us(read.low) ||
          !read_by_us(read.high))
        return false;
      known_write_ = write;
      known_read_ = read;
    }
    writes.store(cell_pair{ours_, ours_}.bits(), std::memory_order_release);
    if (read != cell_pair{}) reads.store(0, std::memory_order_release);
    return true;
  }

 private:
  bool read_by_us(cell c) const { return c.empty() || in_window(t_, c.id()); }

  const thread_state& t_;
  const bool asked_;
  const cell ours_;
  cell_pair known_write_, known_read_;
};

// Calls single(granule, bytes) and pair(granule) so that each granule of the range is met once.
template <class Single, class Pair>
void split(std::uint64_t address, std::size_t bytes, Single&& single, Pair&& pair) {
  const std::uint64_t end = address + bytes;
  std::uint64_t granule = address & ~std::uint64_t{3};
  if (granule != address) {
    byte_mask mask = all_bytes << (address - granule) & all_bytes;
    if (end < granule + 4) mask &= all_bytes >> (granule + 4 - end);
    single(granule, mask);
    granule += 4;
  }
  if (granule + 4 <= end && granule % 8 != 0) {
    single(granule, all_bytes);
    granule += 4;
  }
  for (; granule + 8 <= end; granule += 8) pair(granule);
  if (granule + 4 <= end) {
    single(granule, all_bytes);
    granule += 4;
  }
  if (granule < end) single(granule, all_bytes >> (granule + 4 - end));
}

// The granules of a range, one after the other: neighbours are mostly alike.
template <access_kind Kind>
class range_meeting {
 public:
  range_meeting(thread_state& t, const access& a) : t_(t), a_(a), brief_(t, a) {}

  record_id record() { return brief_.record(); }

  void visit(std::uint64_t granule, byte_mask bytes) {
    change<outcome>(is_write(Kind), granule, [&](outcome found) __attribute__((always_inline)) {
      outcome left;
      return brief_.meet(granule, found, bytes, left) ? left
                                                      : left_by(t_, at_length(), granule, found, bytes);
    });
  }
  void visit_pair(std::uint64_t granule) {
    change<outcome_pair>(is_write(Kind), granule,
                         [&](const outcome_pair& found) __attribute__((always_inline)) {
                           if (met_ && found == found_) return left_;
                           return meet_another(granule, found);
                         });
  }

 private:
  [[gnu::noinline]] outcome_pair meet_another(std::uint64_t granule, const outcome_pair& found) {
    outcome low;
    if (!brief_.meet(granule, found.low(), all_bytes, low)) return left_by(t_, at_length(), granule, found);
    outcome high = low;
    if (found.high() != found.low() && !brief_.meet(granule + 4, found.high(), all_bytes, high))
      return left_by(t_, at_length(), granule, found);
    met_ = true;
    found_ = found;
    return left_ = {{low.write, high.write}, {low.read, high.read}};
  }
  checker& at_length() {
    if (!checker_) {
      brief_.record();  // the checker finds it
      checker_.emplace(t_, a_, nullptr, false);
    }
    return *checker_;
  }

  thread_state& t_;
  const access& a_;
  brief_meeting<Kind, false> brief_;
  std::optional<checker> checker_;  // made when it is first asked
  bool met_ = false;
  outcome_pair found_, left_;  // the latest
};

bool clip_to_program(std::uint64_t& address, std::size_t& bytes) {
  for (address_range z : zones) {
    if (!z.contains(address)) continue;
    if (bytes > z.end - address) bytes = z.end - address;
    return bytes != 0;
  }
  return false;
}

// Pre: in the program, and not ignored.
template <access_kind Kind>
void visit_range(thread_state& t, const access& a, std::uint64_t address, std::size_t bytes) {
  range_meeting<Kind> meeting(t, a);
  if constexpr (ends_memory(Kind)) {
    ending_own_memory own(t, meeting.record());
    split(
        address, bytes,
        [&](std::uint64_t granule, byte_mask mask) {
          if (mask != all_bytes || !own.replaced(granule)) meeting.visit(granule, mask);
        },
        [&](std::uint64_t granule) {
          if (!own.replaced_pair(granule)) meeting.visit_pair(granule);
        });
  } else {
    const standing_records standing(t, Kind, bytes);
    split(
        address, bytes,
        [&](std::uint64_t granule, byte_mask mask) {
          if (!standing.cover(granule)) meeting.visit(granule, mask);
        },
        [&](std::uint64_t granule) {
          if (!standing.cover_pair(granule)) meeting.visit_pair(granule);
        });
  }
}
void visit_range_at_length(thread_state& t, const access& a, std::uint64_t address, std::size_t bytes,
                           const turn_log* turns) {
  checker c(t, a, turns, false);
  const standing_records standing(t, a.kind, bytes);
  split(
      address, bytes,
      [&](std::uint64_t granule, byte_mask mask) {
        if (!standing.cover(granule)) visit_granule(t, c, granule, mask);
      },
      [&](std::uint64_t granule) {
        if (!standing.cover_pair(granule)) visit_pair(t, c, granule);
      });
}

}  // namespace

void check_and_record(thread_state& t, const access& a, std::uint64_t address, std::size_t bytes) noexcept {
  if (!clip_to_program(address, bytes)) return;
  if (!ends_memory(a.kind) && is_of_one_object(address, bytes)) {
    if (a.kind == access_kind::read) return visit_object<access_kind::read>(t, a, address, bytes);
    if (a.kind == access_kind::write) return visit_object<access_kind::write>(t, a, address, bytes);
    return visit_atomic(t, a, address, bytes);
  }
  if (is_ignored(t, a)) return;
  reserve_records(t);
  if (in_own_tls(t, address)) return visit_range_at_length(t, a, address, bytes, &t.turns);
  switch (a.kind) {
    case access_kind::read:
      return visit_range<access_kind::read>(t, a, address, bytes);
    case access_kind::write:
      return visit_range<access_kind::write>(t, a, address, bytes);
    case access_kind::deallocation:
      return visit_range<access_kind::deallocation>(t, a, address, bytes);
    case access_kind::end_of_scope:
      return visit_range<access_kind::end_of_scope>(t, a, address, bytes);
    default:
      return visit_range_at_length(t, a, address, bytes, nullptr);
  }
}

void record_fresh(thread_state& t, const access& a, std::uint64_t address, std::size_t bytes) noexcept {
  if (!clip_to_program(address, bytes)) return;
  reserve_records(t);
  const std::uint32_t write = cell(record_for(t, a), all_bytes).bits();
  // Small blocks are written and read soon by who allocated them: their record stands for the reads as well.
  // Of larger ones the shadow of reads is not touched before it is needed.
  const bool soon_read = bytes <= fresh_in_both_planes;
  const std::uint32_t read = soon_read ? write : 0;
  const std::uint64_t end = address + bytes;
  for (std::uint64_t granule = address & ~std::uint64_t{3}; granule < end;) {
    const std::uint64_t page_end = std::min((granule | (touched_map::page_size - 1)) + 1, end);
    mark_pages(granule, true, soon_read);
    const bool store_read = soon_read || touched.touched(granule, plane::reads);
    for (; granule < page_end; granule += 4) {
      write_cell(granule).store(write, std::memory_order_relaxed);
      if (store_read) read_cell(granule).store(read, std::memory_order_relaxed);
    }
  }
}

}  // namespace snag::detector
