// SPDX-License-Identifier: Apache-2.0
#include "detector/src/on_record.h"

#include "detector/src/access_set.h"

namespace snag::detector {
namespace {

// The goroutine's exclusive record of what it reads there, all of it.
bool exclusively_on_record(thread_state& t, std::uint64_t address, std::size_t bytes) noexcept {
  const std::uint64_t granule = address & ~std::uint64_t{3};
  const exclusive_records::entry* const e =
      t.own_records.find(granule, t.actor->now().slot, access_kind::read);
  if (!e || !t.actor->is_unlearned(e->when)) return false;
  if (e->pair)
    return bytes == 8 && address == granule &&
           pair_at(granule, hooks::read_plane).load(std::memory_order_acquire) ==
               cell_pair{cell(e->cell), cell(e->cell)}.bits();
  if (address - granule + bytes > 4) return false;
  const byte_mask mask = mask_of(address, bytes);
  return (e->bytes & mask) == mask && read_cell(granule).load(std::memory_order_acquire) == e->cell;
}

}  // namespace

byte_mask covered_bytes(thread_state& t, cell set) noexcept {
  if (const byte_mask known = t.covered.bytes(set.bits(), t.hot.window_base); known == all_bytes)
    return known;
  const byte_mask bytes = sets.bytes_of(set, t.hot.window_base, t.hot.window_span);
  if (bytes != 0) t.covered.insert(set.bits(), t.hot.window_base, bytes);
  return bytes;
}

bool is_covered(thread_state& t, std::uint32_t bits) noexcept {
  if (in_window(t, bits)) return true;
  const cell c(bits);
  return c.is_set() && !c.busy() && covered_bytes(t, c) == all_bytes;
}

bool on_record(thread_state& t, access_kind kind, std::uint64_t address, std::size_t bytes) noexcept {
  if (!may_be_on_record(kind) || bytes > worth_a_look || !in_program(address)) return false;
  if (!is_write(kind) && exclusively_on_record(t, address, bytes)) return true;
  return all_granules(address, bytes, [&](std::uint64_t granule, byte_mask mask) {
    const cell c(cell_of(kind, granule).load(std::memory_order_acquire));
    if (c.busy() || !c.is_set()) {
      if (in_window(t, c.record()) && (c.bytes() & mask) == mask) return true;
    } else if (const byte_mask covered = covered_bytes(t, c); (covered & mask) == mask) {
      if (covered == all_bytes && !is_write(kind)) t.hot.known_set = c.bits();
      return true;
    }
    fetch_records_of(granule);
    return false;
  });
}

std::size_t bytes_on_record(const thread_state& t, access_kind kind, std::uint64_t address,
                            std::size_t bytes) noexcept {
  const std::uint64_t end = address + bytes;
  if (end < address || !in_program(address) || !in_program(end - 1)) return 0;
  const std::uint64_t first = (address + 7) & ~std::uint64_t{7}, last = end & ~std::uint64_t{7};
  if (last <= first || (first != address && !surely_on_record(t, kind, address, first - address))) return 0;
  const std::uint64_t plane = is_write(kind) ? hooks::write_plane : hooks::read_plane;
  const auto bits_at = [&](std::uint64_t granule) {
    return pair_at(granule, plane).load(std::memory_order_acquire);
  };
  std::uint64_t alike = ~std::uint64_t{0};  // a pair that is known to be on record; at first no pair at all
  for (std::uint64_t granule = first; granule < last; granule += 8) {
    if (granule % line_size == 0) {
      const four_cells wanted = four_of(cell_pair::from(alike));
      while (last - granule >= line_size && are_all<lock_cell::regarded>(granule, plane, wanted))
        granule += line_size;
    }
    if (granule == last) break;
    const std::uint64_t bits = bits_at(granule);
    if (bits == alike) continue;
    const cell_pair c = cell_pair::from(bits);
    if (!surely_covered(t, c.low.bits()) || !surely_covered(t, c.high.bits())) return granule - address;
    alike = bits;
  }
  return last == end || surely_on_record(t, kind, last, end - last) ? bytes : last - address;
}

}  // namespace snag::detector
