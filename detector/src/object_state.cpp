// SPDX-License-Identifier: Apache-2.0
#include "detector/src/object_state.h"

#include <memory>

#include "detector/src/lock_order/lock_order.h"
#include "detector/src/slot_table.h"

namespace snag::detector {

clock_table::~clock_table() { clear(); }

void clock_table::clear() noexcept {
  for (known_order* b : blocks_) {
    if (!b) continue;
    std::destroy_n(b, block);
    internal_allocator<known_order>().deallocate(b, block);
  }
  blocks_.clear();
}

known_order& clock_table::operator[](std::size_t index) noexcept {
  const std::size_t at = index / block;
  if (at >= blocks_.size()) blocks_.resize(at + 1, nullptr);
  if (!blocks_[at]) {
    blocks_[at] = internal_allocator<known_order>().allocate(block);
    std::uninitialized_value_construct_n(blocks_[at], block);
  }
  return blocks_[at][index % block];
}

object_state::~object_state() {
  // As if records named it: what it has made is in others' clocks, and its epochs are tags there for as long
  // as the slot has no new owner.
  if (merger) detector::slots.close(merger, true);
  if (known_ends != nullptr) internal_delete(known_ends);
}

const known_order& object_state::learn(std::size_t n) noexcept {
  if (n == 0) merged_is_known = true;
  unseen = {};
  return part(n);
}

void object_state::merge(std::size_t n, const known_order& released) noexcept {
  if (n != 0 || (!merger && first.is_small())) return part(n).join(released);
  if (!merger) {
    merger = detector::slots.open(internal_new<incarnation>());
  } else if (merged_is_known) {
    if (++merger.time == UINT32_MAX) merger = detector::slots.reopen(merger);
  }
  merged_is_known = false;
  first.join(released, merger);
  first.change([made = merger](vector_clock& c) {
    if (!c.empty()) c.tag_with(made);
  });
}

object_state& state_of(events::object& object) noexcept {
  void* known = __atomic_load_n(&object.slot.state, __ATOMIC_ACQUIRE);
  if (known) return *static_cast<object_state*>(known);
  auto* fresh = ::new (internal_allocate(sizeof(object_state))) object_state;
  if (__atomic_compare_exchange_n(&object.slot.state, &known, static_cast<void*>(fresh), false,
                                  __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
    return *fresh;
  internal_delete(fresh);
  return *static_cast<object_state*>(known);
}

void reset_state(events::object& object) noexcept {
  auto* const s = static_cast<object_state*>(__atomic_load_n(&object.slot.state, __ATOMIC_ACQUIRE));
  if (!s) return;
  forget_lock_orders(reinterpret_cast<std::uint64_t>(events::address_of(object)));
  spin_guard guard(s->lock);
  s->first = {};
  s->unseen = {};
  s->parts.clear();
  s->slots.clear();
  s->closed = {};
  s->merged_is_known = true;
  s->owner = events::goroutine_id::none;
  s->readers = 0;
  for (lock_taker& t : s->takers) t = {};
}

void drop_state(events::object& object) noexcept {
  internal_delete(static_cast<object_state*>(object.slot.state));
  object.slot.state = nullptr;
}

}  // namespace snag::detector
