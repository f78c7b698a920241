// SPDX-License-Identifier: Apache-2.0
#pragma once
// "This epoch has such an access of all these bytes on record": nothing can have been ordered after that
// access yet, so it still stands, or somebody reported against it, and there is nothing to do. The inline
// check (detector/hooks.h) asks this of one aligned cell or two; here it is asked for any size and alignment,
// and of sets.
#include <cstddef>
#include <cstdint>

#include "detector/src/address_space.h"
#include "detector/src/line_lock.h"
#include "detector/src/race.h"
#include "detector/src/thread_state.h"

namespace snag::detector {

// Of a longer range each granule is asked for when its turn comes (shadow_access.cpp).
inline constexpr std::size_t worth_a_look = 64;  // bytes

// Records of atomic accesses lie in no window, and the end of memory has to stand under its own name.
constexpr bool may_be_on_record(access_kind kind) { return !is_atomic(kind) && !ends_memory(kind); }

// Calls visit(granule, bytes) for each granule of the range, while it answers true. Whether all did.
template <class Visit>
[[gnu::always_inline]] inline bool all_granules(std::uint64_t address, std::size_t bytes, Visit&& visit) {
  const std::uint64_t end = address + bytes;
  byte_mask mask = all_bytes << (address & 3) & all_bytes;
  for (std::uint64_t granule = address & ~std::uint64_t{3}; granule < end; granule += 4, mask = all_bytes) {
    if (end - granule < 4) mask &= all_bytes >> (granule + 4 - end);
    if (!visit(granule, mask)) return false;
  }
  return true;
}

inline shadow_cell& cell_of(access_kind kind, std::uint64_t granule) {
  return is_write(kind) ? write_cell(granule) : read_cell(granule);
}

// Whether the window is known to cover these bytes of a set.
inline bool covers(const thread_state& t, std::uint32_t set, byte_mask bytes) noexcept {
  return (bytes & ~t.covered.bytes(set, t.hot.window_base)) == 0;
}

// Of a whole granule with these bits in the cell of its plane.
inline bool surely_covered(const thread_state& t, std::uint32_t bits) noexcept {
  return in_window(t, bits) || covers(t, bits, all_bytes);
}

// Takes no lock, and may be asked outside the core, as the inline check is. `perhaps`: a set has to be looked
// through, or another thread is at it. Pre: may_be_on_record(kind).
enum class stands : std::uint8_t { no, perhaps, surely };
[[gnu::always_inline]] inline stands look_on_record(const thread_state& t, access_kind kind,
                                                    std::uint64_t address, std::size_t bytes) noexcept {
  if (!in_program(address)) return stands::surely;  // nothing is to be checked there
  if (bytes > worth_a_look) return stands::no;
  const auto look = [&](std::uint32_t bits, byte_mask mask) {
    if (in_window(t, bits & (hooks::cell_id_mask | mask << hooks::cell_id_bits))) return stands::surely;
    if (!cell(bits).is_set()) return stands::no;
    return covers(t, bits, mask) ? stands::surely : stands::perhaps;
  };
  if (bytes == 8 && address % 8 == 0) {
    const std::uint64_t plane = is_write(kind) ? hooks::write_plane : hooks::read_plane;
    const std::uint64_t bits = pair_at(address, plane).load(std::memory_order_acquire);
    const stands low = look(static_cast<std::uint32_t>(bits), all_bytes);
    return low == stands::surely ? look(static_cast<std::uint32_t>(bits >> 32), all_bytes) : low;
  }
  if ((address & 3) + bytes <= 4) {
    const std::uint32_t bits = cell_of(kind, address & ~std::uint64_t{3}).load(std::memory_order_acquire);
    return look(bits, mask_of(address, bytes));
  }
  stands answer = stands::surely;
  all_granules(address, bytes, [&](std::uint64_t granule, byte_mask mask) {
    answer = look(cell_of(kind, granule).load(std::memory_order_acquire), mask);
    return answer == stands::surely;
  });
  return answer;
}
[[gnu::always_inline]] inline bool surely_on_record(const thread_state& t, access_kind kind,
                                                    std::uint64_t address, std::size_t bytes) noexcept {
  return look_on_record(t, kind, address, bytes) == stands::surely;
}

// Starts to load what an access there will be compared with.
inline void fetch_records_of(std::uint64_t granule) noexcept {
  for (const shadow_cell* at : {&write_cell(granule), &read_cell(granule)}) {
    const cell c(at->load(std::memory_order_relaxed));
    if (!c.is_set()) __builtin_prefetch(&records[c.record()]);
  }
}

// The same, certain either way: looks through sets and remembers the answer. Pre: inside the core.
bool is_covered(thread_state&, std::uint32_t bits) noexcept;
// The bytes of a set that records of the window cover.
byte_mask covered_bytes(thread_state&, cell set) noexcept;

// How many bytes from `address` on are surely on record: of a long range.
std::size_t bytes_on_record(const thread_state&, access_kind, std::uint64_t address,
                            std::size_t bytes) noexcept;

// Pre: inside the core.
bool on_record(thread_state&, access_kind, std::uint64_t address, std::size_t bytes) noexcept;

}  // namespace snag::detector
