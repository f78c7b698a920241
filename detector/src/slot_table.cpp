// SPDX-License-Identifier: Apache-2.0
#include "detector/src/slot_table.h"

namespace snag::detector {

// (Other threads run on while static destructors do.)
[[clang::no_destroy]] constinit slot_table slots;

std::uint32_t slot_table::take() noexcept {
  if (!entries_) entries_ = static_cast<entry*>(internal_reserve(capacity * sizeof(entry)));
  if (!free_.empty()) {
    const std::uint32_t slot = free_.back();
    free_.pop_back();
    return slot;
  }
  if (next_ == UINT32_MAX)
    internal_fatal("four billion goroutines with accesses that still matter: no slot is left");
  return next_++;
}

epoch slot_table::open(incarnation* who) noexcept {
  spin_guard guard(lock_);
  const std::uint32_t slot = take();
  entry& e = entries_[slot];
  e.who = who;
  e.phase = state::open;
  e.first.store(e.last + 1, std::memory_order_release);
  return {slot_id{slot}, e.last + 1};
}

epoch slot_table::reopen(epoch last) noexcept {
  spin_guard guard(lock_);
  const std::uint32_t slot = take();
  const auto old_slot = static_cast<std::uint32_t>(last.slot);
  entry& old = entries_[old_slot];
  entry& e = entries_[slot];
  e.who = old.who;
  e.phase = state::open;
  e.first.store(e.last + 1, std::memory_order_release);
  old.who = internal_new<incarnation>(*e.who);
  if (old.who->live_name) old.who->name = old.who->live_name;
  old.who->live_name = nullptr;
  old.last = last.time;
  old.phase = state::closed;
  closed_list_.push_back(old_slot);
  return {slot_id{slot}, e.last + 1};
}

void slot_table::close(epoch last, bool named) noexcept {
  spin_guard guard(lock_);
  const auto slot = static_cast<std::uint32_t>(last.slot);
  entry& e = entries_[slot];
  e.last = last.time;
  if (!named) return make_free(slot);
  if (e.who->live_name) e.who->name = e.who->live_name;
  e.who->live_name = nullptr;
  e.phase = state::closed;
  closed_list_.push_back(slot);
  closed_.fetch_add(1, std::memory_order_relaxed);
}

void slot_table::make_free(std::uint32_t slot) noexcept {
  entry& e = entries_[slot];
  internal_delete(e.who);
  e.who = nullptr;
  e.phase = state::free;
  // Near the end of its clock a slot is retired: the next incarnation would overflow at once.
  if (e.last < UINT32_MAX - (1u << 20)) free_.push_back(slot);
}

bool slot_table::find(events::goroutine_id id, incarnation& copy) noexcept {
  spin_guard guard(lock_);
  const entry* found = nullptr;
  for (std::uint32_t slot = 1; slot < next_; ++slot) {
    const entry& e = entries_[slot];
    if (!e.who || e.who->id != id) continue;
    found = &e;
    if (e.phase == state::open) break;  // not merely a slot that it moved on from
  }
  if (!found) return false;
  copy = *found->who;
  if (copy.live_name) copy.name = copy.live_name;  // under the lock: the actor cannot end meanwhile
  copy.ended = found->phase != state::open;
  return true;
}

std::uint32_t slot_table::slots_in_use() noexcept {
  spin_guard guard(lock_);
  return next_ - 1 - static_cast<std::uint32_t>(free_.size());
}

void slot_table::begin_marking() noexcept {
  spin_guard guard(lock_);
  for (std::uint32_t slot : closed_list_) entries_[slot].marked = false;
}

void slot_table::mark(slot_id slot) noexcept { entries_[static_cast<std::uint32_t>(slot)].marked = true; }

void slot_table::reclaim_unmarked() noexcept {
  spin_guard guard(lock_);
  std::size_t kept = 0;
  for (std::uint32_t slot : closed_list_) {
    if (entries_[slot].marked) {
      closed_list_[kept++] = slot;
    } else {
      make_free(slot);
    }
  }
  closed_list_.resize(kept);
  closed_.store(0, std::memory_order_relaxed);
}

}  // namespace snag::detector
