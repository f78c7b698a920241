// SPDX-License-Identifier: Apache-2.0
#pragma once
// The race check itself: an access meets what the shadow knows of its bytes, is compared with it, and is
// recorded.
//
// Rule. A cell of the write plane keeps the maximal writes of its granule, one of the read plane the maximal
// reads (a write that was read by its own goroutine in its own epoch may stand there for the read). An entry
// goes when an access that it is ordered before, and that can stand for it (access_record.h), is recorded on
// its bytes; a racing entry stays. So "the new access races with some earlier access" is the same question as
// "it races with some entry", for every byte (proof: access_record.h, can_stand_for), and nothing is ever
// evicted. Read cells with more than `pruned_always` entries are pruned only when their size reaches a power
// of two: what is dispensable may stay (it would race truly), and 10,000 readers cost no quadratic time.
//
// Thread-safe: the line of the granule is locked from look to record (line_lock.h). Precondition of all: the
// thread is inside the core and an actor is mounted. Races are collected in thread_state::hits and told by
// tell_races() once nothing is locked.
#include <cstddef>
#include <cstdint>

#include "detector/src/access_records.h"
#include "detector/src/thread_state.h"

namespace snag::detector {

inline constexpr std::uint32_t pruned_always = 16;  // entries

// Checks and records all bytes of [address, address + bytes) that lie in the program's zones.
void check_and_record(thread_state&, const access&, std::uint64_t address, std::size_t bytes) noexcept;
// The same of an access that is known to be of this kind: a read, a write or an end of memory.
template <access_kind Kind>
void check_range(thread_state&, const access&, std::uint64_t address, std::size_t bytes) noexcept;

inline constexpr std::size_t fresh_in_both_planes = 1024;  // bytes
// Overwrites without checking, as fresh memory: every byte's only access is `a`. Whole granules; beyond
// fresh_in_both_planes, what is known of reads goes. Pre: not ignored.
void record_fresh(thread_state&, const access&, std::uint64_t address, std::size_t bytes) noexcept;

// Reports thread_state::hits, which `a` raced with, once for each previous record, and empties it.
void tell_races(thread_state&, const access& a) noexcept;

// Where races go: the reporter, unless a test wants each hit, granule by granule, undeduplicated.
using race_sink = void (*)(const race_hit&);
extern race_sink sink_for_testing;

}  // namespace snag::detector
