// SPDX-License-Identifier: Apache-2.0
#pragma once
// The cells of a line (line_lock.h), all at once. What passes over an array mostly meets lines whose cells
// are alike: then one decision, four comparisons and four stores do for 64 bytes of the program.
//
// The compiler is told of vectors, not of atomics: a cell is loaded and stored as a whole all the same, since
// it is aligned (Intel SDM volume 3A, 9.1.1; AMD64 manual volume 2, 7.3.2), and in order, since on x86-64
// loads are not reordered with loads, nor stores with stores.
#include <cstdint>

#include "detector/src/cell.h"

namespace snag::detector {

inline constexpr std::uint64_t line_size = 64;  // bytes of the program
constexpr std::uint64_t line_of(std::uint64_t address) { return address & ~(line_size - 1); }
static_assert((hooks::write_plane | hooks::read_plane) % line_size == 0);

// Where the C library has the size of a block before the next one, if a block ends with the line: so few
// blocks have to share a lock.
inline constexpr std::uint64_t lock_offset = line_size - 8;
constexpr std::uint64_t lock_of(std::uint64_t address) { return line_of(address) + lock_offset; }
// [begin, end) is of one line, and not all of it, but has its lock.
constexpr bool shares_lock(std::uint64_t begin, std::uint64_t end) {
  const std::uint64_t lock = lock_of(begin);
  return begin <= lock && lock < end && end - begin != line_size;
}
// Calls visit(begin, end) for the part of each line that is in [begin, end).
template <class Visit>
[[gnu::always_inline]] inline void for_lines(std::uint64_t begin, std::uint64_t end, Visit&& visit) {
  while (begin < end) {
    const std::uint64_t line_end = line_of(begin) + line_size;
    visit(begin, line_end < end ? line_end : end);
    begin = line_end;
  }
}

struct cell_pair {
  cell low, high;
  friend constexpr bool operator==(cell_pair, cell_pair) = default;
  constexpr bool uniform() const { return low == high; }
  constexpr std::uint64_t bits() const { return std::uint64_t{high.bits()} << 32 | low.bits(); }
  static constexpr cell_pair from(std::uint64_t bits) {
    return {cell(static_cast<std::uint32_t>(bits)), cell(static_cast<std::uint32_t>(bits >> 32))};
  }
};

using four_cells [[gnu::vector_size(16), gnu::may_alias]] = std::uint32_t;
inline volatile four_cells* four_cells_at(std::uint64_t granule, std::uint64_t flip) {
  return reinterpret_cast<volatile four_cells*>(granule ^ flip);
}
constexpr four_cells four_of(cell c) { return four_cells{} + c.bits(); }
constexpr four_cells four_of(cell_pair c) {
  return {c.low.bits(), c.high.bits(), c.low.bits(), c.high.bits()};
}

// Whether the cells of a line in the plane that `flip` leads to are `wanted`, four by four: that of its lock,
// too, or all others.
enum class lock_cell : bool { disregarded, regarded };
template <lock_cell Lock>
[[gnu::always_inline]] inline bool are_all(std::uint64_t line, std::uint64_t flip, four_cells wanted) {
  constexpr std::uint32_t of_lock = Lock == lock_cell::regarded ? ~std::uint32_t{0} : 0;
  static_assert(lock_offset == 14 * sizeof(cell));
  constexpr four_cells last_regarded{~std::uint32_t{0}, ~std::uint32_t{0}, of_lock, ~std::uint32_t{0}};
  const volatile four_cells* const at = four_cells_at(line, flip);
  const four_cells differ =
      (at[0] ^ wanted) | (at[1] ^ wanted) | (at[2] ^ wanted) | ((at[3] ^ wanted) & last_regarded);
  using two_words [[gnu::vector_size(16)]] = std::uint64_t;
  const auto halves = reinterpret_cast<two_words>(differ);
  return (halves[0] | halves[1]) == 0;
}

// Overwrites all cells of a line in the plane that `flip` leads to: that of its lock, too, or all others.
template <lock_cell Lock>
[[gnu::always_inline]] inline void fill_line(std::uint64_t line, std::uint64_t flip, cell c) {
  volatile four_cells* const at = four_cells_at(line, flip);
  const four_cells all = four_of(c);
  for (int i = 0; i < 3; ++i) at[i] = all;
  if constexpr (Lock == lock_cell::regarded) {
    at[3] = all;
  } else {
    for (const int i : {0, 1, 3}) reinterpret_cast<volatile std::uint32_t*>(at + 3)[i] = c.bits();
  }
}

}  // namespace snag::detector
