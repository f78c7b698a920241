// SPDX-License-Identifier: Apache-2.0
#pragma once
// What nearly every first access of an epoch meets: cells that name nobody, or one access of no other bytes,
// which comes before ours and is dispensable beside it. Such a meeting takes a few dozen instructions; all
// else is the checker's (checker.h), whose answer to this would be the same.
#include "detector/src/checker.h"

namespace snag::detector {

// Whether another's access comes before ours; then the order of locks learns what it has to.
[[gnu::noinline]] inline bool settle_order(thread_state& t, actor_state& self, epoch e, bool flows) {
  if (!self.follows(e)) return false;
  if (flows) note_flow(self, e);
  if (t.actor == &self) t.orders.remember(e.slot, self.known_time(e.slot), flows_known(self, e.slot));
  return true;
}
[[gnu::always_inline]] inline bool others_come_before(thread_state& t, actor_state& self,
                                                      const access_record& p) {
  const bool flows = self.locks != lock_set_id::none && is_write(p.kind()) && !is_atomic(p.kind());
  // (Its partner in a rendezvous may stand for the actor that runs.)
  return (t.actor == &self && t.orders.settled(p.when, flows)) || settle_order(t, self, p.when, flows);
}

// Of a read, a write or an end of memory, not of thread-locals. Pre: its line is locked. OfOneObject: the
// access has the size of its record, within a granule or an aligned pair.
//
// All that it knows stays in registers: whoever is called on the way is given copies.
template <access_kind Kind, bool OfOneObject>
class brief_meeting {
  static_assert(!is_atomic(Kind) && Kind != access_kind::allocation);

 public:
  brief_meeting(thread_state& t, const access& a) : t_(t), a_(a), now_(a.self.now()), place_(t, a) {}

  // Of this access: the place's in this epoch. none: ids are exhausted.
  [[gnu::always_inline]] record_id record() {
    if (record_ == record_id::none) record_ = place_.known(t_);
    if (record_ == record_id::none) record_ = new_plain_record(t_, a_, place_);
    return record_;
  }

  // False: the checker has to be asked, and nothing has happened.
  [[gnu::always_inline]] bool meet(std::uint64_t granule, outcome found, byte_mask bytes, outcome& left) {
    if constexpr (is_write(Kind)) {
      const byte_mask touched = found.write.bytes() | found.read.bytes();
      if (is_of_this_place(found.write) && (touched & bytes) == 0 && !found.read.is_set()) {
        left = {with_bytes(found.write, bytes), found.read};
        return true;
      }
      if (may_stand_for_us(found.write) || !dispensable(found.write, bytes) ||
          !dispensable(found.read, bytes) || record() == record_id::none)
        return false;
      left.write = cell(record_, bytes);
      left.read = stands_for_reads(found) ? left.write : cell();
      return true;
    }
    if (!comes_before_us(found.write, bytes)) return false;
    left.write = found.write;
    const bool written = is_ours(found.write) && (bytes & ~found.write.bytes()) == 0;
    if (!written && is_of_this_place(found.read)) {
      left.read = with_bytes(found.read, bytes);
      return true;
    }
    if (!gives_way(found.read, bytes)) {
      left.read = found.read;
      return OfOneObject && !is_ours(found.write) && renews(t_, access(a_), granule, found, bytes);
    }
    if (!written && record() == record_id::none) return false;
    left.read = written ? found.write : cell(record_, bytes);  // our write says all that the read would
    return true;
  }

 private:
  // The write for those that follow it: where we read before, we are likely to read again, and a new
  // variable.
  [[gnu::always_inline]] static bool stands_for_reads(const outcome& found) {
    return !ends_memory(Kind) && (!found.read.empty() || has_ended(found.write));
  }
  [[gnu::always_inline]] bool is_ours(cell c) const { return in_window(t_, c.record()); }
  // What this place has on record of the granule in this epoch, of other bytes: a string is gone through.
  [[gnu::always_inline]] bool is_of_this_place(cell c) const {
    return is_ours(c) && c.record() == place_.latest();
  }
  static cell with_bytes(cell c, byte_mask more) { return cell(c.record(), c.bytes() | more); }
  // To a write: the end of memory has to stand under its own name.
  [[gnu::always_inline]] bool may_stand_for_us(cell c) const {
    return is_ours(c) && (!ends_memory(Kind) || records[c.record()].kind() == Kind);
  }

  // A read whose goroutine has an exclusive record in the plane of reads: that says so of this read now.
  [[gnu::noinline]] static bool renews(thread_state& t, const access& a, std::uint64_t granule, outcome found,
                                       byte_mask bytes) {
    const remembered_place place(t, a);
    exclusive_records::entry* const e = t.own_records.find(granule, a.self.now().slot, Kind);
    if (!still_holds(e, a, found.read, bytes) || place.known(t) != record_id::none) return false;
    if (renew(*e, a)) place.remember(e->record);
    // (An exclusive record may say something else next time.)
    e->other = sets.has_exclusive(found.write) ? exclusive_records::unsettled : found.write.bits();
    return true;
  }

  // The one access that `c` names comes before ours, in so far as both are of the same bytes, and that is no
  // misuse.
  [[gnu::always_inline]] bool comes_before_us(cell c, byte_mask bytes) const {
    if (c.empty()) return true;
    if (c.is_set()) return false;
    if (bytes != all_bytes && (c.bytes() & bytes) == 0) return true;  // (who is named is named with some)
    const access_record& p = records[c.record()];
    if (p.kind() == access_kind::deallocation) return false;
    return p.when.slot == now_.slot || others_come_before(t_, a_.self, p);
  }
  [[gnu::always_inline]] bool dispensable(cell c, byte_mask bytes) const {
    return (bytes == all_bytes || (c.bytes() & ~bytes) == 0) && comes_before_us(c, bytes);
  }
  // To a read.
  [[gnu::always_inline]] bool gives_way(cell c, byte_mask bytes) const {
    return dispensable(c, bytes) && (c.empty() || !(is_ours(c) || records[c.record()].exclusive));
  }

  thread_state& t_;
  const access a_;
  const epoch now_;
  const remembered_place place_;
  record_id record_ = record_id::none;
};

}  // namespace snag::detector
