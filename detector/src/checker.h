// SPDX-License-Identifier: Apache-2.0
#pragma once
// What an access does to a granule: it is compared with what the two cells name, makes entries dispensable,
// and becomes one (the rule: shadow_access.h). Pre: its line is locked (line_lock.h).
#include <bit>

#include "detector/src/access_records.h"
#include "detector/src/access_set.h"
#include "detector/src/lock_order/lock_order.h"
#include "detector/src/on_record.h"
#include "detector/src/shadow_access.h"
#include "detector/src/touched_map.h"

namespace snag::detector {

struct outcome {
  cell write, read;
  friend constexpr bool operator==(outcome, outcome) = default;
};

// A variable's memory of whose scopes the last has ended.
inline bool has_ended(cell write) noexcept {
  return !write.empty() && !write.is_set() && records[write.record()].kind() == access_kind::end_of_scope;
}

class checker {
 public:
  // `turns`: of the thread whose thread-locals the bytes belong to, if it is this one. `of_one_object`: the
  // access has the size of its record, within a granule or an aligned pair.
  checker(thread_state& t, const access& a, const turn_log* turns, bool of_one_object)
      : t_(t),
        a_(a),
        now_(a.self.now()),
        turns_(turns),
        may_be_exclusive_(of_one_object && turns == nullptr && !ends_memory(a.kind)) {
    if (!a.exclusive) record_ = known_record(t, a);
  }

  bool writes() const { return is_write(a_.kind); }
  bool raced() const { return raced_; }  // in the last meeting
  // Of this access. none: ids are exhausted.
  record_id own_record() {
    if (record_ != record_id::none) return record_;
    if (!a_.exclusive)
      return record_ = new_record(t_, a_, remembered_place(t_, a_));  // (a known one was looked for at first)
    record_ = take_record(t_.atomic_run, record_of(a_));
    if (record_ != record_id::none) a_.self.note_record();
    return record_;
  }
  // Of this object alone; none: the access has a record with others, or none.
  record_id exclusive_record() const { return is_shared_ ? record_id::none : record_; }
  // After a plain read: the record that stands for it in the plane of reads. none: nothing to remember.
  record_id reader() const { return a_.kind == access_kind::read ? reader_ : record_id::none; }

  // What the cells of a granule become; races go to the thread's hits.
  [[gnu::always_inline]] outcome meet(std::uint64_t granule, outcome found, byte_mask bytes) {
    raced_ = false;
    if (is_shared_ && record_ != record_id::none && turns_ == nullptr && !a_.exclusive)
      if (const outcome_memo::entry* e = t_.outcomes.find(found.write, found.read, record_, bytes)) {
        reader_ = e->reader;
        return {cell(e->new_write), cell(e->new_read)};
      }
    return meet_anew(granule, found, bytes);
  }

 private:
  [[gnu::noinline]] outcome meet_anew(std::uint64_t granule, outcome found, byte_mask bytes) {
    const bool memorable = turns_ == nullptr && !a_.exclusive;
    reader_ = record_id::none;
    outcome left;
    if (writes()) {
      left.write = supersede<plane::writes>(found.write, granule, bytes);
      left.read = read_plane_after_write(found, granule, bytes);
    } else {
      left.write = found.write;
      const cell own = look(found.write, granule, bytes);
      left.read = read_plane_after_read(found.read, granule, own, bytes);
      if (reader_ == record_id::none) reader_ = record_;
    }
    // (What an exclusive record says changes, and it is one object's.)
    if (memorable && is_shared_ && !raced_ && record_ != record_id::none && !sets.has_atomic(found.write) &&
        !sets.has_atomic(found.read) && !sets.has_exclusive(found.read) && !sets.has_exclusive(left.read))
      t_.outcomes.insert({found.write.bits(), found.read.bits(), record_, bytes, left.write.bits(),
                          left.read.bits(), reader_});
    return left;
  }

  // An access of this epoch that makes recording ours unnecessary. Plain ones that are shared must be in the
  // window, or the inline check would never find them.
  bool stands_for_us(record_id id, const access_record& p) const {
    const bool stands = is_atomic(p.kind()) || p.exclusive ? p.when == now_ : in_window(t_, id);
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

  // What is told after the line's lock is given back must not change meanwhile.
  record_id lasting(record_id id) {
    access_record r = records[id];
    if (!r.exclusive) return id;
    r.exclusive = false;
    const record_id copy = take_record(t_.atomic_run, r);
    return copy == record_id::none ? id : copy;
  }

  // Takes the place of `p`, which ours makes dispensable, if both are of this object alone. (A write that
  // stands for its goroutine's reads is named in both planes.)
  bool take_over(record_id id, const access_record& p) {
    const bool alike = is_atomic(p.kind()) == is_atomic(a_.kind) && is_write(p.kind()) == is_write(a_.kind);
    if (!(a_.exclusive || may_be_exclusive_) || !p.exclusive || p.size != a_.size || !alike ||
        record_ != record_id::none)
      return false;
    write_exclusive(id);
    return true;
  }
  void write_exclusive(record_id id) {
    detector::write_exclusive(a_, id);
    record_ = id;
    is_shared_ = false;
    if (!a_.exclusive) remembered_place(t_, a_).remember(id);
  }
  void remember_exclusive(std::uint64_t granule, cell named, byte_mask bytes) {
    t_.own_records.insert({granule, now_, record_, named.bits(), 0, bytes, a_.kind, a_.size == 8});
  }
  bool renews(cell c, std::uint64_t granule, byte_mask bytes) {
    if (!may_be_exclusive_ || record_ != record_id::none) return false;
    exclusive_records::entry* const e = t_.own_records.find(granule, now_.slot, a_.kind);
    if (!still_holds(e, a_, c, bytes)) return false;
    if (!renew(*e, a_)) return true;
    record_ = e->record;  // also of the pair's other granule
    is_shared_ = false;
    remembered_place(t_, a_).remember(record_);
    return true;
  }
  // Enters an access of what others access as well, and which therefore wants a record of its own. (One for
  // each place and epoch: what passes over an array makes do with a record for all of it.)
  cell entered_beside_others(cell kept, std::uint64_t granule, byte_mask bytes) {
    if (!may_be_exclusive_ || record_ != record_id::none || made_exclusive(t_, a_))
      return entered(kept, bytes);
    const record_id fresh = take_record(t_.atomic_run, record_of(a_));
    if (fresh == record_id::none) return kept;
    write_exclusive(fresh);
    const cell named = sets.add(kept, fresh, bytes);
    if (!writes()) remember_exclusive(granule, named, bytes);
    return named;
  }

  // Whether entries that nobody has to be compared with are looked at all the same, to drop dispensable ones:
  // always while they are few, else whenever the set has doubled.
  static bool prunes(cell c) {
    const std::uint32_t size = sets.size(c);
    return size <= pruned_always || std::has_single_bit(size);
  }

  // A few goroutines that update one atomic in turns keep a record each, though one would do while they are
  // ordered: then the set stays what it is.
  static constexpr std::uint32_t side_by_side = 4;
  bool may_stay_beside_us(const access_record& p) const {
    return a_.exclusive && p.exclusive && p.when.slot != now_.slot && p.kind() == a_.kind &&
           p.size == a_.size;
  }
  record_id own_exclusive(cell c, byte_mask bytes) const {
    record_id own = record_id::none;
    if ((a_.exclusive || may_be_exclusive_) && record_ == record_id::none)
      sets.for_each(c, [&](record_id id, byte_mask theirs) {
        const access_record& p = records[id];
        if (theirs == bytes && p.when.slot == now_.slot && p.exclusive && p.size == a_.size &&
            p.kind() == a_.kind)
          own = id;
      });
    return own;
  }
  cell renewed_write(record_id own, cell c, std::uint64_t granule, byte_mask bytes) {
    sets.for_each(c, [&](record_id id, byte_mask theirs) {
      if (id != own && (theirs & bytes) != 0) races(id, records[id], granule, theirs & bytes);
    });
    if (raced_) return entered(c, bytes);
    if (records[own].when != now_) write_exclusive(own);
    return c;
  }

  // A write meets a plane: compares us with every entry, drops what we make dispensable, adds us to the
  // writes.
  template <plane P>
  cell supersede(cell c, std::uint64_t granule, byte_mask bytes) {
    constexpr bool enter = P == plane::writes;
    if (enter && is_atomic(a_.kind) && c.is_set() && sets.size(c) <= side_by_side)
      if (const record_id own = own_exclusive(c, bytes); own != record_id::none)
        return renewed_write(own, c, granule, bytes);
    bool standing = false;
    const bool has_room = enter && is_atomic(a_.kind) && (c.is_set() ? sets.size(c) : 1) < side_by_side;
    const auto keep = [&](record_id id, byte_mask theirs) -> byte_mask {
      const byte_mask common = theirs & bytes;
      if (common == 0) return theirs;
      const access_record& p = records[id];
      if (races(id, p, granule, common)) return theirs;
      if (has_room && theirs == bytes && may_stay_beside_us(p)) return theirs;
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
    if (!enter || standing) return kept;
    const bool beside_others = is_atomic(a_.kind) && !a_.exclusive && !kept.empty();
    return beside_others ? entered_beside_others(kept, granule, bytes) : entered(kept, bytes);
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

  cell read_plane_after_read(cell c, std::uint64_t granule, cell own_write, byte_mask bytes) {
    if (own_write.empty() && renews(c, granule, bytes)) return c;
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
      if (!can_stand_for(a_.kind, as_read(p.kind()))) return theirs;
      if (theirs == bytes && own_write.empty() && take_over(id, p)) {
        standing = true;
        return theirs;
      }
      return theirs & ~bytes;
    });
    if (standing) {
      if (!is_shared_ && sets.bytes_of(kept, record_) == bytes) remember_exclusive(granule, kept, bytes);
      return kept;
    }
    // Our own write says all that the read would, and costs no record.
    if (!own_write.empty()) {
      reader_ = own_write.record();
      return sets.add(kept, own_write.record(), own_write.bytes());
    }
    // (Who dropped an entry has probably been here before.)
    const bool again = !kept.empty() && (kept != c || !prunes(c));
    return again ? entered_beside_others(kept, granule, bytes) : entered(kept, bytes);
  }

  // Where we read before, we are likely to read again, and a new variable: then our write stands for that.
  cell read_plane_after_write(outcome found, std::uint64_t granule, byte_mask bytes) {
    const cell kept = supersede<plane::reads>(found.read, granule, bytes);
    const bool read_soon = !found.read.empty() || has_ended(found.write);
    const bool ours = kept.empty() && read_soon && may_be_on_record(a_.kind);
    return ours ? entered(kept, bytes) : kept;
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
  const bool may_be_exclusive_;
  record_id reader_ = record_id::none;
  record_id last_hit_ = record_id::none;
  bool raced_ = false;
  bool is_shared_ = true;  // our record, with other objects: an exclusive one outlives its epoch
};

}  // namespace snag::detector
