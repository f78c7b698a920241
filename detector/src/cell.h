// SPDX-License-Identifier: Apache-2.0
#pragma once
// A shadow cell: what one plane knows of 4 bytes ("granule") of the program. The layout is hooks.h's, since
// instrumented code reads it; this is its typed face. Immutable value.
//
//   31     28 27                     0
//  [missing |           id           ]    0: nothing known
//
// `missing`, not `present`: an access of all four bytes then has the record's bare id as its cell, and the
// inline check for whole granules needs no mask.
#include <cstddef>
#include <cstdint>

#include "detector/hooks.h"

namespace snag::detector {

enum class record_id : std::uint32_t { none = 0 };

// A subset of a granule's bytes: bit k is byte k.
using byte_mask = std::uint32_t;
inline constexpr byte_mask all_bytes = 0xf;
// Of `bytes` at `address`, which lie in one granule.
constexpr byte_mask mask_of(std::uint64_t address, std::size_t bytes) {
  return ((1u << bytes) - 1) << (address & 3);
}

class cell {
 public:
  constexpr cell() = default;
  constexpr explicit cell(std::uint32_t bits) : bits_(bits) {}
  constexpr cell(record_id record, byte_mask bytes)
      : bits_(bytes == 0 ? 0
                         : static_cast<std::uint32_t>(record) | (~bytes & all_bytes) << hooks::cell_id_bits) {
  }

  constexpr std::uint32_t bits() const { return bits_; }
  constexpr bool empty() const { return bits_ == 0; }
  constexpr bool busy() const { return bits_ == hooks::busy; }
  constexpr bool is_set() const { return id() >= hooks::first_set_id; }  // else a single entry, or empty
  constexpr record_id record() const { return static_cast<record_id>(id()); }
  constexpr byte_mask bytes() const { return empty() ? 0 : ~(bits_ >> hooks::cell_id_bits) & all_bytes; }
  constexpr std::uint32_t id() const { return bits_ & hooks::cell_id_mask; }

  friend constexpr bool operator==(cell, cell) = default;

 private:
  std::uint32_t bits_ = 0;
};
static_assert(sizeof(cell) == 4 && hooks::granule_size == 4);
static_assert(cell(record_id{7}, all_bytes).bits() == 7);
static_assert(cell(record_id{7}, 0b0011).bits() == (0b1100u << 28 | 7));
static_assert(cell(record_id{7}, 0b0011).bytes() == 0b0011 && cell(record_id{7}, 0).empty());
static_assert(cell(hooks::busy).busy() && cell(hooks::first_set_id).is_set() &&
              !cell(hooks::first_set_id - 1).is_set());
static_assert(hooks::inline_check(7, 5, 3) && !hooks::inline_check(8, 5, 3) && !hooks::inline_check(4, 5, 3));
static_assert(!hooks::inline_check(cell(record_id{7}, 0b0011).bits(), 5, 3));

inline constexpr std::uint32_t max_records = hooks::first_set_id - 1;         // ids 1 … max_records
inline constexpr std::uint32_t max_sets = hooks::busy - hooks::first_set_id;  // set ids below busy

}  // namespace snag::detector
