// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which pages of the program have shadow or synchronisation state: a bit for each 4 KiB page and plane, kept
// by whoever records. The sweep, and forgetting memory that is freed or a stack that ended, cost what was
// touched, not what is reserved. One 64-bit word for each 64 KiB of the program, in a reserved table
// (sparse). Thread-safe: marking is a load and a predictable branch once the bit stands; clearing pages is
// for the owner of the memory, or the stopped world.
#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace snag::detector {

enum class plane : unsigned { writes = 0, reads = 16, atomics = 32 };  // first bit in a chunk's word

class touched_map {
 public:
  static constexpr unsigned page_bits = 12, chunk_bits = 16;
  static constexpr std::uint64_t page_size = std::uint64_t{1} << page_bits;
  static constexpr std::uint64_t chunk_size = std::uint64_t{1} << chunk_bits;

  void ensure_table() noexcept;

  // Of [begin, end), which is not empty.
  static constexpr bool same_page(std::uint64_t begin, std::uint64_t end) {
    return (begin ^ (end - 1)) < page_size;
  }

  void mark(std::uint64_t address, plane p) noexcept {
    std::atomic<std::uint64_t>& word = words_[address >> chunk_bits];
    const std::uint64_t bit = std::uint64_t{1} << (page_in_chunk(address) + static_cast<unsigned>(p));
    const std::uint64_t old = word.load(std::memory_order_relaxed);
    if ((old & bit) == 0) [[unlikely]]
      mark_slow(word, address >> chunk_bits, bit);
  }
  bool touched(std::uint64_t address, plane p) const noexcept {
    return words_[address >> chunk_bits].load(std::memory_order_relaxed) >>
               (page_in_chunk(address) + static_cast<unsigned>(p)) &
           1;
  }
  void clear(std::uint64_t address, plane p) noexcept {
    words_[address >> chunk_bits].fetch_and(
        ~(std::uint64_t{1} << (page_in_chunk(address) + static_cast<unsigned>(p))),
        std::memory_order_relaxed);
  }
  // `page`, or a later one before which no page was touched; at least `end` if none before `end` was. A stack
  // is megabytes of which the uppermost pages are used.
  std::uint64_t skip_untouched(std::uint64_t page, std::uint64_t end) const noexcept {
    std::uint64_t chunk = page >> chunk_bits;
    if ((words_[chunk].load(std::memory_order_relaxed) & page_bits_mask) != 0) return page;
    for (++chunk; chunk << chunk_bits < end; chunk = (chunk | 63) + 1) {
      const std::uint64_t here = listed_chunks_[chunk / 64].load(std::memory_order_relaxed) >> (chunk % 64);
      if (here != 0) return (chunk + static_cast<unsigned>(__builtin_ctzll(here))) << chunk_bits;
    }
    return chunk << chunk_bits;
  }

  // Calls visit(address of page, plane) for every marked page. With the world stopped; visit may clear.
  template <class Visit>
  void for_each(Visit&& visit) {
    const std::size_t n = std::min(listed_.load(std::memory_order_acquire), capacity);
    for (std::size_t i = 0; i < n; ++i) {
      const std::uint64_t chunk = chunks_[i].load(std::memory_order_relaxed);
      std::uint64_t bits = words_[chunk].load(std::memory_order_relaxed) & page_bits_mask;
      for (; bits != 0; bits &= bits - 1) {
        const auto bit = static_cast<unsigned>(__builtin_ctzll(bits));
        visit((chunk << chunk_bits) + (std::uint64_t{bit % 16} << page_bits),
              static_cast<plane>(bit / 16 * 16));
      }
    }
  }
  std::size_t chunks() const noexcept { return listed_.load(std::memory_order_relaxed); }

 private:
  static constexpr std::size_t capacity = std::size_t{1} << 31;  // chunks of 2^47 bytes
  static constexpr std::uint64_t page_bits_mask = (std::uint64_t{1} << 48) - 1;
  static constexpr std::uint64_t listed = std::uint64_t{1} << 63;  // the chunk stands in chunks_

  static unsigned page_in_chunk(std::uint64_t address) {
    return static_cast<unsigned>(address >> page_bits) & 15;
  }
  void mark_slow(std::atomic<std::uint64_t>& word, std::uint64_t chunk, std::uint64_t bit) noexcept;

  std::atomic<std::uint64_t>* words_ = nullptr;
  std::atomic<std::uint64_t>* listed_chunks_ = nullptr;  // a bit each: listed
  std::atomic<std::uint32_t>* chunks_ = nullptr;
  std::atomic<std::size_t> listed_{0};
};

extern touched_map touched;

}  // namespace snag::detector
