// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a shadow cell names: one access, or all accesses of one (epoch, site, context, kind, size). 32 bytes,
// so two share a cache line and 2^27 of them fit 4 GiB of address space. Written once, before its id is
// published in a cell; immutable until the sweep finds that nothing names it, unless it is exclusive: then
// cells of one object alone name it (one granule, or an aligned pair), and the next access of that object
// that makes it dispensable takes its place, in the same record, under the lock of those cells. So are atomic
// accesses that end their epoch, which no other can share, and reads of what others read as well, time and
// again: else each increment of a counter, and each look at it, would be a record, and a new set of whoever
// else is known there.
#include <cstdint>

#include "detector/src/cell.h"
#include "detector/src/epoch.h"
#include "detector/src/race.h"

namespace snag::detector {

enum class site_id : std::uint32_t { none = 0 };

struct access_record {
  static constexpr std::uint32_t max_size = (1u << 27) - 1;  // larger ranges say so

  epoch when;
  site_id site = site_id::none;
  context_id context = context_id::root;
  lock_set_id locks = lock_set_id::none;  // held by the goroutine
  site_id last_release = site_id::none;   // where its epoch began: where the two sides last could have met
  context_id last_release_context = context_id::root;
  std::uint32_t size : 27 = 0;  // bytes
  std::uint32_t exclusive : 1 = 0;
  std::uint32_t kind_bits : 4 = 0;

  // Of the same goroutine.
  bool differs_in_time_alone(const access_record& other) const {
    return when.slot == other.when.slot && site == other.site && context == other.context &&
           locks == other.locks && last_release == other.last_release &&
           last_release_context == other.last_release_context && size == other.size &&
           exclusive == other.exclusive && kind_bits == other.kind_bits;
  }
  access_kind kind() const { return static_cast<access_kind>(kind_bits); }
};
static_assert(sizeof(access_record) == 32);

// Entry `p`, ordered before `q`, is dispensable once q stands: whoever is unordered with p and conflicts with
// it is unordered with q and conflicts with it too. (Were q ordered before such an x, p would be as well.) A
// read cannot stand for a write, nor an atomic access for a plain one.
constexpr bool can_stand_for(access_kind q, access_kind p) {
  return (is_write(q) || !is_write(p)) && (!is_atomic(q) || is_atomic(p));
}
constexpr bool conflict(access_kind a, access_kind b) {
  return (is_write(a) || is_write(b)) && !(is_atomic(a) && is_atomic(b));
}
static_assert(can_stand_for(access_kind::write, access_kind::atomic_read));
static_assert(!can_stand_for(access_kind::atomic_write, access_kind::read));
static_assert(!can_stand_for(access_kind::read, access_kind::atomic_write));
static_assert(conflict(access_kind::atomic_read, access_kind::write));
static_assert(!conflict(access_kind::atomic_write, access_kind::atomic_write));

}  // namespace snag::detector
