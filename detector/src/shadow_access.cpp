// SPDX-License-Identifier: Apache-2.0
#include "detector/src/shadow_access.h"

#include <algorithm>
#include <optional>

#include "detector/src/address_space.h"
#include "detector/src/granule_visit.h"
#include "detector/src/line_lock.h"
#include "detector/src/on_record.h"
#include "detector/src/touched_map.h"

namespace snag::detector {

constinit race_sink sink_for_testing = nullptr;

namespace {

// What this epoch of the calling thread's has of a longer range on record already: nothing can have been
// ordered after it, so it still stands or somebody reported against it. (One instruction's access is recorded
// in the plane of its own, where the inline check will look.)
class standing_records {
 public:
  standing_records(thread_state& t, access_kind kind, std::size_t bytes) noexcept
      : t_(t), asked_(bytes > worth_a_look && may_be_on_record(kind)), writes_(is_write(kind)) {}

  // A write stands for a read, too.
  bool cover(outcome found) const noexcept {
    return asked_ && (is_covered(t_, found.write.bits()) || (!writes_ && is_covered(t_, found.read.bits())));
  }
  bool cover(const outcome_pair& found) const noexcept {
    return asked_ && (cover(found.write) || (!writes_ && cover(found.read)));
  }
  bool asked() const noexcept { return asked_; }
  // All of the whole granules of [begin, end), which are of one line; looked up without the lock.
  bool cover_line(std::uint64_t begin, std::uint64_t end) const noexcept {
    if (end - begin == line_size) {
      const auto all = [&](std::uint64_t plane) {
        const cell first(cell_at(begin, plane).load(std::memory_order_acquire));
        return are_all<lock_cell::regarded>(begin, plane, four_of(first)) && is_covered(t_, first.bits());
      };
      if (all(hooks::write_plane) || (!writes_ && all(hooks::read_plane))) return true;
    }
    if (begin % 8 != 0 || end % 8 != 0) return false;
    const auto in = [&](std::uint64_t granule, std::uint64_t plane) {
      return cover(cell_pair::from(pair_at(granule, plane).load(std::memory_order_acquire)));
    };
    for (; begin < end; begin += 8)
      if (!in(begin, hooks::write_plane) && (writes_ || !in(begin, hooks::read_plane))) return false;
    return true;
  }

 private:
  bool cover(cell_pair c) const noexcept {
    return is_covered(t_, c.low.bits()) && (c.uniform() || is_covered(t_, c.high.bits()));
  }
  thread_state& t_;
  const bool asked_, writes_;
};

// The granules of a range, one after the other: neighbours are mostly alike.
template <access_kind Kind>
class range_meeting {
 public:
  range_meeting(thread_state& t, const access& a, std::size_t bytes)
      : standing(t, Kind, bytes), t_(t), a_(a), brief_(t, a) {}

  [[gnu::noinline]] outcome meet(std::uint64_t granule, outcome found, byte_mask bytes) {
    if (bytes == all_bytes && standing.cover(found)) return found;
    outcome left;
    return brief_.meet(granule, found, bytes, left) ? left : left_by(t_, at_length(), granule, found, bytes);
  }
  [[gnu::always_inline]] outcome_pair meet(std::uint64_t granule, const outcome_pair& found) {
    if ((met_ && found == found_) || meet_another(granule, found)) return left_;
    return left_by(t_, at_length(), granule, found);
  }
  // What all granules become of a line where all are alike. False: each has to be met, and nothing has
  // happened.
  [[gnu::always_inline]] bool meet_alike(std::uint64_t line, outcome found, outcome& left) {
    const outcome_pair both{{found.write, found.write}, {found.read, found.read}};
    if (!(met_ && both == found_) && !meet_another(line, both)) return false;
    left = left_.low();
    return true;
  }

  // The end of memory that this epoch wrote: whoever comes meanwhile meets the earlier record and reports
  // against that, so ours takes its place without a lock. (Where others, or an earlier epoch, wrote or read:
  // no.) How far that goes from `begin` on, pair by pair. Pre: not shares_lock(begin, end).
  std::uint64_t end_unlocked(std::uint64_t begin, std::uint64_t end) {
    if (begin % 8 != 0 || brief_.record() == record_id::none) return begin;
    if (end - begin == line_size) {
      const cell write(write_cell(begin).load(std::memory_order_acquire));
      const cell read(read_cell(begin).load(std::memory_order_acquire));
      if (is_of_this_epoch({{write, write}, {read, read}}) &&
          are_all<lock_cell::regarded>(begin, hooks::write_plane, four_of(write)) &&
          are_all<lock_cell::regarded>(begin, hooks::read_plane, four_of(read))) {
        fill_line<lock_cell::regarded>(begin, hooks::write_plane, ended().write.low);
        if (!read.empty()) fill_line<lock_cell::regarded>(begin, hooks::read_plane, cell());
        return end;
      }
    }
    const std::uint64_t write = ended().write.bits();
    std::optional<outcome_pair> known;  // neighbours are mostly alike
    for (; end - begin >= 8; begin += 8) {
      shadow_pair& writes = pair_at(begin, hooks::write_plane);
      shadow_pair& reads = pair_at(begin, hooks::read_plane);
      const outcome_pair found{cell_pair::from(writes.load(std::memory_order_acquire)),
                               cell_pair::from(reads.load(std::memory_order_acquire))};
      if (found != known && !is_of_this_epoch(found)) break;
      known = found;
      writes.store(write, std::memory_order_release);
      if (found.read != cell_pair{}) reads.store(0, std::memory_order_release);
    }
    return begin;
  }

  const standing_records standing;

 private:
  bool is_of_this_epoch(const outcome_pair& o) const {
    const auto read_by_us = [&](cell c) { return c.empty() || in_window(t_, c.id()); };
    return in_window(t_, o.write.low.bits()) && in_window(t_, o.write.high.bits()) &&
           read_by_us(o.read.low) && read_by_us(o.read.high);
  }
  outcome_pair ended() {
    const cell ours(brief_.record(), all_bytes);
    return {{ours, ours}, {}};
  }
  // Leaves its answer in left_. False: the checker has to be asked, and nothing has happened.
  [[gnu::noinline]] bool meet_another(std::uint64_t granule, const outcome_pair& found) {
    outcome_pair left = found;
    if (ends_memory(Kind) && is_of_this_epoch(found) && brief_.record() != record_id::none) {
      left = ended();
    } else if (!standing.cover(found)) {
      outcome low;
      if (!brief_.meet(granule, found.low(), all_bytes, low)) return false;
      outcome high = low;
      if (found.high() != found.low() && !brief_.meet(granule + 4, found.high(), all_bytes, high))
        return false;
      left = {{low.write, high.write}, {low.read, high.read}};
    }
    met_ = true;
    found_ = found;
    left_ = left;
    return true;
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

// The same by the checker alone.
class range_meeting_at_length {
 public:
  range_meeting_at_length(thread_state& t, const access& a, std::size_t bytes, const turn_log* turns)
      : standing(t, a.kind, bytes), t_(t), checker_(t, a, turns, false) {}

  outcome meet(std::uint64_t granule, outcome found, byte_mask bytes) {
    return bytes == all_bytes && standing.cover(found) ? found : left_by(t_, checker_, granule, found, bytes);
  }
  outcome_pair meet(std::uint64_t granule, const outcome_pair& found) {
    return standing.cover(found) ? found : left_by(t_, checker_, granule, found);
  }
  bool meet_alike(std::uint64_t, outcome, outcome&) const { return false; }

  const standing_records standing;

 private:
  thread_state& t_;
  checker checker_;
};

// Leaves a locked line as `meeting` answers for all of it, if it has one answer.
template <class Meeting>
[[gnu::always_inline]] inline bool changed_as_one(line_lock& lock, bool writes, Meeting& meeting,
                                                  std::uint64_t line) {
  if (!lock.is_uniform()) return false;
  const outcome found{lock.own_write(), lock.own_read()};
  outcome left;
  if (!meeting.meet_alike(line, found, left)) return false;
  if (writes && left.write != found.write) {
    if (found.write.empty()) mark_pages(line, true, false);
    lock.fill_write(left.write);
  }
  if (left.read != found.read) {
    if (found.read.empty()) mark_pages(line, false, true);
    lock.fill_read(left.read);
  }
  return true;
}
// Leaves the granules of [begin, end), which is of one line, as `meeting` answers: each is met once.
template <class Meeting>
[[gnu::always_inline]] inline void visit_line(bool writes, Meeting& meeting, std::uint64_t begin,
                                              std::uint64_t end) {
  if (meeting.standing.asked() && meeting.standing.cover_line(begin, end)) return;
  with_line(writes, begin, [&](line_lock& lock) __attribute__((always_inline)) {
    if (end - begin == line_size && changed_as_one(lock, writes, meeting, begin)) return;
    for (std::uint64_t at = begin; at < end;) {
      if (at % 8 == 0 && end - at >= 8) {
        change_locked<outcome_pair>(lock, writes, at,
                                    [&](const outcome_pair& found)
                                        __attribute__((always_inline)) { return meeting.meet(at, found); });
        at += 8;
      } else {
        const std::uint64_t granule = at & ~std::uint64_t{3}, next = std::min(granule + 4, end);
        change_locked<outcome>(lock, writes, granule, [&](outcome found) {
          return meeting.meet(granule, found, mask_of(at, next - at));
        });
        at = next;
      }
    }
  });
}

void fill_cells(std::uint64_t begin, std::uint64_t end, cell write, cell read, bool both) {
  fill_cells(begin, end, hooks::write_plane, write);
  if (both) fill_cells(begin, end, hooks::read_plane, read);
}

// Pre: in the program, and not ignored.
template <access_kind Kind>
void visit_range(thread_state& t, const access& a, std::uint64_t address, std::size_t bytes) {
  range_meeting<Kind> meeting(t, a, bytes);
  for_lines(address, address + bytes, [&](std::uint64_t begin, std::uint64_t end) {
    if (ends_memory(Kind) && !shares_lock(begin, end)) begin = meeting.end_unlocked(begin, end);
    if (begin != end) visit_line(is_write(Kind), meeting, begin, end);
  });
}
void visit_range_at_length(thread_state& t, const access& a, std::uint64_t address, std::size_t bytes,
                           const turn_log* turns) {
  range_meeting_at_length meeting(t, a, bytes, turns);
  for_lines(address, address + bytes, [&](std::uint64_t begin, std::uint64_t end) {
    visit_line(is_write(a.kind), meeting, begin, end);
  });
}

}  // namespace

template <access_kind Kind>
void check_range(thread_state& t, const access& a, std::uint64_t address, std::size_t bytes) noexcept {
  if (!in_program(address) || !in_program(address + bytes - 1)) [[unlikely]]
    if (!clip_to_program(address, bytes)) return;
  if (!ends_memory(Kind) && is_of_one_object(address, bytes)) return check_and_record(t, a, address, bytes);
  if (is_ignored(t, a)) [[unlikely]]
    return;
  reserve_records(t);
  if (in_own_tls(t, address)) [[unlikely]]
    return visit_range_at_length(t, a, address, bytes, &t.turns);
  visit_range<Kind>(t, a, address, bytes);
}
template void check_range<access_kind::read>(thread_state&, const access&, std::uint64_t, std::size_t);
template void check_range<access_kind::write>(thread_state&, const access&, std::uint64_t, std::size_t);
template void check_range<access_kind::deallocation>(thread_state&, const access&, std::uint64_t,
                                                     std::size_t);
template void check_range<access_kind::end_of_scope>(thread_state&, const access&, std::uint64_t,
                                                     std::size_t);

void check_and_record(thread_state& t, const access& a, std::uint64_t address, std::size_t bytes) noexcept {
  if (!clip_to_program(address, bytes)) return;
  if (!ends_memory(a.kind) && is_of_one_object(address, bytes)) {
    if (a.kind == access_kind::read) return visit_object<access_kind::read>(t, a, address, bytes);
    if (a.kind == access_kind::write) return visit_object<access_kind::write>(t, a, address, bytes);
    return visit_atomic(t, a, address, bytes);
  }
  switch (a.kind) {
    case access_kind::read:
      return check_range<access_kind::read>(t, a, address, bytes);
    case access_kind::write:
      return check_range<access_kind::write>(t, a, address, bytes);
    case access_kind::deallocation:
      return check_range<access_kind::deallocation>(t, a, address, bytes);
    case access_kind::end_of_scope:
      return check_range<access_kind::end_of_scope>(t, a, address, bytes);
    default:
      break;
  }
  if (is_ignored(t, a)) return;
  reserve_records(t);
  visit_range_at_length(t, a, address, bytes, in_own_tls(t, address) ? &t.turns : nullptr);
}

void record_fresh(thread_state& t, const access& a, std::uint64_t address, std::size_t bytes) noexcept {
  if (!clip_to_program(address, bytes)) return;
  reserve_records(t);
  const cell write(record_for(t, a), all_bytes);
  // Small blocks are written and read soon by who allocated them: their record stands for the reads as well.
  // Of larger ones the shadow of reads is not touched before it is needed.
  const bool soon_read = bytes <= fresh_in_both_planes;
  const cell read = soon_read ? write : cell();
  const std::uint64_t whole = address & ~std::uint64_t{3};
  for_lines(whole, (address + bytes + 3) & ~std::uint64_t{3}, [&](std::uint64_t begin, std::uint64_t end) {
    mark_pages(begin, true, soon_read);
    const bool both = soon_read || touched.touched(begin, plane::reads);
    if (!shares_lock(begin, end)) return fill_cells(begin, end, write, read, both);
    const std::uint64_t lock_at = lock_of(begin);
    line_lock lock(begin);
    lock.lock_as_writer();
    fill_cells(begin, lock_at, write, read, both);
    lock.set_write(lock_at, write);
    if (both) lock.set_read(lock_at, read);
    lock.unlock_as_writer();
    fill_cells(lock_at + 4, end, write, read, both);
  });
}

}  // namespace snag::detector
