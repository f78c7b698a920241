// SPDX-License-Identifier: Apache-2.0
#include "detector/src/shadow_access.h"
#include "detector/src/annotations.h"

#include <sched.h>

#include <algorithm>
#include <bit>
#include <utility>

#include "detector/src/access_set.h"
#include "detector/src/address_space.h"
#include "detector/src/granule_lock.h"
#include "detector/src/lock_order/lock_order.h"
#include "detector/src/on_record.h"
#include "detector/src/touched_map.h"

namespace snag::detector {

constinit race_sink sink_for_testing = nullptr;

void wait_a_little(unsigned& spins) noexcept {
  if (++spins % 64 == 0) {
    sched_yield();
  } else {
    __builtin_ia32_pause();
  }
}

// --- Rules -----------------------------------------------------------------------------------------------

namespace {

struct outcome {
  cell write, read;
};

class checker {
 public:
  // `turns`: of the thread whose thread-locals the bytes belong to, if it is this one.
  checker(thread_state& t, const access& a, const turn_log* turns)
      : t_(t), a_(a), now_(a.self.now()), turns_(turns) {
    if (!a.exclusive) record_ = record_for(t, a);
  }

  bool writes() const { return is_write(a_.kind); }
  bool raced() const { return raced_; }         // in the last meeting
  record_id record() const { return record_; }  // of an exclusive access: none yet
  // After a plain read: the record that stands for it in the plane of reads. none: nothing to remember.
  record_id reader() const { return a_.kind == access_kind::read ? reader_ : record_id::none; }

  // What the cells of a granule become; races go to the thread's hits.
  outcome meet(std::uint64_t granule, outcome found, byte_mask bytes) {
    raced_ = false;
    const bool memorable = turns_ == nullptr && !a_.exclusive;
    if (memorable)
      if (const outcome_memo::entry* e = t_.outcomes.find(found.write, found.read, record_, bytes)) {
        reader_ = e->reader;
        return {cell(e->new_write), cell(e->new_read)};
      }
    reader_ = record_;
    outcome left;
    if (writes()) {
      left.write = supersede<plane::writes>(found.write, granule, bytes);
      left.read = read_plane_after_write(found.read, granule, bytes);
    } else {
      left.write = found.write;
      const cell own = look(found.write, granule, bytes);
      left.read = read_plane_after_read(found.read, own, bytes);
    }
    // (What an exclusive record says of it changes.)
    if (memorable && !raced_ && record_ != record_id::none && !sets.has_atomic(found.write) &&
        !sets.has_atomic(found.read))
      t_.outcomes.insert({found.write.bits(), found.read.bits(), record_, bytes, left.write.bits(),
                          left.read.bits(), reader_});
    return left;
  }

 private:
  // An access of this epoch that makes recording ours unnecessary. Plain ones must be in the window, or the
  // inline check would never find them.
  bool stands_for_us(record_id id, const access_record& p) const {
    const bool stands = is_atomic(p.kind()) ? p.when == now_ : in_window(t_, id);
    return stands && can_stand_for(p.kind(), a_.kind) && (!ends_memory(a_.kind) || p.kind() == a_.kind);
  }
  // In the plane of reads a write stands for the read that followed it.
  static access_kind as_read(access_kind k) {
    return is_atomic(k) ? access_kind::atomic_read : access_kind::read;
  }
  bool follows(const access_record& p) const {
    return a_.self.follows(p.when) || (turns_ != nullptr && turns_->covers(p.when));
  }
  bool races(record_id id, const access_record& p, std::uint64_t granule, byte_mask common) {
    if (follows(p)) {
      if (a_.self.locks != lock_set_id::none && p.when.slot != now_.slot && is_write(p.kind()) &&
          !is_atomic(p.kind())) [[unlikely]]
        note_flow(a_.self, p.when);
      // Only of a block that is kept from reuse is it certain that it has no new owner.
      if (p.kind() != access_kind::deallocation || !in_freed_block(granule)) [[likely]]
        return false;
      note(granule, common, id, true);
      return true;
    }
    if (conflict(p.kind(), a_.kind)) note(granule, common, id, false);
    return true;
  }
  void note(std::uint64_t granule, byte_mask common, record_id previous, bool ordered) {
    raced_ = true;
    if (!sink_for_testing && last_hit_ == previous) return;
    last_hit_ = previous;
    t_.hits.push_back({granule, common, lasting(own_record()), lasting(previous), ordered});
  }

  // What is told after the granule's lock is given back must not change meanwhile.
  record_id lasting(record_id id) {
    access_record r = records[id];
    if (!r.exclusive) return id;
    r.exclusive = false;
    const record_id copy = take_record(t_.atomic_run, r);
    return copy == record_id::none ? id : copy;
  }

  // Of this access. none: ids are exhausted.
  record_id own_record() {
    if (a_.exclusive && record_ == record_id::none) {
      record_ = take_record(t_.atomic_run, record_of(a_));
      if (record_ != record_id::none) a_.self.note_record();
    }
    return record_;
  }
  // Takes the place of `p`, which ours makes dispensable, if both are the only accesses their records stand
  // for.
  bool take_over(record_id id, const access_record& p) {
    if (!a_.exclusive || !p.exclusive || p.size != a_.size || record_ != record_id::none) return false;
    records.slot_for(id) = record_of(a_);
    a_.self.note_record();
    record_ = id;
    return true;
  }

  // Whether entries that nobody has to be compared with are looked at all the same, to drop dispensable ones:
  // always while they are few, else whenever the set has doubled.
  static bool prunes(cell c) {
    const std::uint32_t size = sets.size(c);
    return size <= pruned_always || std::has_single_bit(size);
  }

  // A write meets a plane: compares us with every entry, drops what we make dispensable, adds us to the
  // writes.
  template <plane P>
  cell supersede(cell c, std::uint64_t granule, byte_mask bytes) {
    constexpr bool enter = P == plane::writes;
    bool standing = false;
    const auto keep = [&](record_id id, byte_mask theirs) -> byte_mask {
      const byte_mask common = theirs & bytes;
      if (common == 0) return theirs;
      const access_record& p = records[id];
      if (races(id, p, granule, common)) return theirs;
      if (enter && common == bytes && stands_for_us(id, p)) {
        standing = true;
        return theirs;
      }
      if (!can_stand_for(a_.kind, enter ? p.kind() : as_read(p.kind()))) return theirs;
      if (enter && theirs == bytes && take_over(id, p)) {
        standing = true;
        return theirs;
      }
      return theirs & ~bytes;
    };
    // A relaxed counter is named by as many atomic accesses as goroutines count with it. They race with no
    // other; now and then they are pruned.
    const cell kept = is_atomic(a_.kind) && !prunes(c) ? sets.filter<access_sets::which::plain>(c, keep)
                                                       : sets.filter(c, keep);
    return enter && !standing ? entered(kept, bytes) : kept;
  }

  // Compares a read with the write plane. Returns a write of this epoch that covers it, as a cell, or empty.
  cell look(cell c, std::uint64_t granule, byte_mask bytes) {
    cell own;
    const auto compare = [&](record_id id, byte_mask theirs) {
      const byte_mask common = theirs & bytes;
      if (common == 0) return;
      const access_record& p = records[id];
      if (races(id, p, granule, common)) return;
      if (common == bytes && stands_for_us(id, p)) own = cell(id, theirs);
    };
    if (is_atomic(a_.kind) && !prunes(c))
      sets.for_each<access_sets::which::plain>(c, compare);
    else
      sets.for_each(c, compare);
    return own;
  }

  cell read_plane_after_read(cell c, cell own_write, byte_mask bytes) {
    bool standing = false;
    const cell kept = !prunes(c) ? c : sets.filter(c, [&](record_id id, byte_mask theirs) -> byte_mask {
      const byte_mask common = theirs & bytes;
      if (common == 0) return theirs;
      const access_record& p = records[id];
      if (!follows(p)) return theirs;
      if (common == bytes && stands_for_us(id, p)) {
        standing = true;
        return theirs;
      }
      return can_stand_for(a_.kind, as_read(p.kind())) ? theirs & ~bytes : theirs;
    });
    if (standing) return kept;
    // Our own write says all that the read would, and costs no record.
    if (!own_write.empty()) {
      reader_ = own_write.record();
      return sets.add(kept, own_write.record(), own_write.bytes());
    }
    return entered(kept, bytes);
  }

  // Where we read before, we are likely to read again: then our write stands for that.
  cell read_plane_after_write(cell c, std::uint64_t granule, byte_mask bytes) {
    const cell kept = supersede<plane::reads>(c, granule, bytes);
    const bool ours = kept.empty() && !c.empty() && may_be_on_record(a_.kind) && record_ != record_id::none;
    return ours ? cell(record_, bytes) : kept;
  }

  cell entered(cell c, byte_mask bytes) {
    const record_id own = own_record();
    return own == record_id::none ? c : sets.add(c, own, bytes);
  }

  thread_state& t_;
  const access& a_;
  const epoch now_;
  record_id record_ = record_id::none;
  const turn_log* const turns_;
  record_id reader_ = record_id::none;
  record_id last_hit_ = record_id::none;
  bool raced_ = false;
};

// --- Granules --------------------------------------------------------------------------------------------

void mark_pages(std::uint64_t granule, bool wrote, bool read) {
  if (wrote) touched.mark(granule, plane::writes);
  if (read) touched.mark(granule, plane::reads);
}

// After a read.
void note_readers(thread_state& t, cell readers, const checker& c) {
  if (!readers.is_set() || c.reader() == record_id::none) return;
  if (in_window(t, c.reader()) && sets.bytes_of(readers, c.reader()) == all_bytes)
    t.hot.known_set = readers.bits();
}

void visit_granule(thread_state& t, checker& c, std::uint64_t granule, byte_mask bytes) {
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
void visit_pair(thread_state& t, checker& c, std::uint64_t granule) {
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
  ending_own_memory(const thread_state& t, const access& a, record_id record, bool asked) noexcept
      : t_(t), asked_(asked && ends_memory(a.kind) && record != record_id::none), ours_(record, all_bytes) {}

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

bool clip_to_program(std::uint64_t& address, std::size_t& bytes) {
  for (address_range z : zones) {
    if (!z.contains(address)) continue;
    if (bytes > z.end - address) bytes = z.end - address;
    return bytes != 0;
  }
  return false;
}

}  // namespace

void check_and_record(thread_state& t, const access& a, std::uint64_t address, std::size_t bytes) noexcept {
  if (!clip_to_program(address, bytes)) return;
  if (a.self.ignoring.covers(a.kind)) [[unlikely]] {
    ++t.ignored;
    return;
  }
  reserve_records(t);
  const bool own_tls = address >= t.static_tls_low && address < t.static_tls_high;
  checker c(t, a, own_tls ? &t.turns : nullptr);
  if (!ends_memory(a.kind)) {  // most accesses are of one granule, or of a pair
    const std::uint64_t within = address & 3;
    if (within + bytes <= 4) return visit_granule(t, c, address - within, ((1u << bytes) - 1) << within);
    if (bytes == 8 && address % 8 == 0) return visit_pair(t, c, address);
  }
  const standing_records standing(t, a.kind, bytes);
  ending_own_memory own(t, a, c.record(), !own_tls);
  split(
      address, bytes,
      [&](std::uint64_t granule, byte_mask mask) {
        if (standing.cover(granule) || (mask == all_bytes && own.replaced(granule))) return;
        visit_granule(t, c, granule, mask);
      },
      [&](std::uint64_t granule) {
        if (!standing.cover_pair(granule) && !own.replaced_pair(granule)) visit_pair(t, c, granule);
      });
}

void record_fresh(thread_state& t, const access& a, std::uint64_t address, std::size_t bytes) noexcept {
  if (!clip_to_program(address, bytes) || a.self.ignoring.covers(a.kind)) return;
  reserve_records(t);
  const std::uint32_t write = cell(record_for(t, a), all_bytes).bits();
  // Small blocks are written and read soon by who allocated them: their record stands for the reads as well.
  // Of larger ones the shadow of reads is not touched before it is needed.
  constexpr std::size_t small = 1024;
  const bool soon_read = bytes <= small;
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
