// SPDX-License-Identifier: Apache-2.0
#pragma once
// Makes "look at a granule's cells, decide, record" one step, so that of two simultaneous first accesses one
// sees the other. A writer locks the write cell by exchanging it for `busy`; a reader locks the read cell, so
// that data which is only read has no pages in the plane of writes and readers leave writers' cache lines
// alone. A reader and a writer of one granule meet as in Dekker's algorithm, with the exchange as the fence:
//
//   writer: exchange the write cell, then wait until no reader holds the read cell;
//   reader: exchange the read cell, then look at the write cell; if a writer holds it, give back and try
//   again.
//
// So a writer has both planes to itself, a reader has the read cell, and the write cell as it found it stays
// true until the reader is done (a later writer waits for the reader). Pairs (both granules of an aligned 8
// bytes) lock by one 64-bit exchange; who got only the upper one gives it back, so cells are locked in order
// of address.
#include <atomic>
#include <cstdint>

#include "detector/src/cell.h"

namespace snag::detector {

using shadow_cell = std::atomic<std::uint32_t>;
using shadow_pair = std::atomic<std::uint64_t>;  // the lower address's cell in the lower half
static_assert(sizeof(shadow_cell) == 4 && shadow_cell::is_always_lock_free);
static_assert(sizeof(shadow_pair) == 8 && shadow_pair::is_always_lock_free);

inline shadow_cell& write_cell(std::uint64_t granule) {
  return *reinterpret_cast<shadow_cell*>(granule ^ hooks::write_plane);
}
inline shadow_cell& read_cell(std::uint64_t granule) {
  return *reinterpret_cast<shadow_cell*>(granule ^ hooks::read_plane);
}

// Of an aligned 8 bytes, in the plane that `flip` leads to.
inline shadow_pair& pair_at(std::uint64_t granule, std::uint64_t flip) {
  return *reinterpret_cast<shadow_pair*>(granule ^ flip);
}

struct cell_pair {
  cell low, high;
  friend constexpr bool operator==(cell_pair, cell_pair) = default;
  constexpr bool busy() const { return low.busy() || high.busy(); }
  constexpr bool uniform() const { return low == high; }
  constexpr std::uint64_t bits() const { return std::uint64_t{high.bits()} << 32 | low.bits(); }
  static constexpr cell_pair from(std::uint64_t bits) {
    return {cell(static_cast<std::uint32_t>(bits)), cell(static_cast<std::uint32_t>(bits >> 32))};
  }
};

void wait_a_little(unsigned& spins) noexcept;

// One granule (Cell = cell) or an aligned pair (Cell = cell_pair), both planes.
template <class Cell>
class granule_lock;

template <>
class granule_lock<cell> {
 public:
  explicit granule_lock(std::uint64_t granule) : write_(write_cell(granule)), read_(read_cell(granule)) {}

  void lock_as_writer(cell& write, cell& read) noexcept {
    write = take(write_);
    read = settled(read_);
  }
  void unlock_as_writer(cell read_before, cell write, cell read) noexcept {
    if (read != read_before) {
      take(read_);
      read_.store(read.bits(), std::memory_order_release);
    }
    write_.store(write.bits(), std::memory_order_release);
  }
  void lock_as_reader(cell& write, cell& read) noexcept {
    for (unsigned spins = 0;;) {
      read = take(read_);
      write = cell(write_.load(std::memory_order_acquire));
      if (!write.busy()) return;
      read_.store(read.bits(), std::memory_order_release);
      while (cell(write_.load(std::memory_order_relaxed)).busy()) wait_a_little(spins);
    }
  }
  void unlock_as_reader(cell read) noexcept { read_.store(read.bits(), std::memory_order_release); }

 private:
  static cell take(shadow_cell& c) noexcept {
    const cell old(c.exchange(hooks::busy, std::memory_order_seq_cst));
    return old.busy() ? wait_and_take(c) : old;
  }
  [[gnu::noinline]] static cell wait_and_take(shadow_cell& c) noexcept {
    for (unsigned spins = 0;;) {
      while (cell(c.load(std::memory_order_relaxed)).busy()) wait_a_little(spins);
      const cell old(c.exchange(hooks::busy, std::memory_order_seq_cst));
      if (!old.busy()) return old;
    }
  }
  static cell settled(shadow_cell& c) noexcept {
    for (unsigned spins = 0;;) {
      const cell now(c.load(std::memory_order_seq_cst));
      if (!now.busy()) return now;
      wait_a_little(spins);
    }
  }
  shadow_cell& write_;
  shadow_cell& read_;
};

template <>
class granule_lock<cell_pair> {
 public:
  explicit granule_lock(std::uint64_t granule) : granule_(granule) {}

  [[gnu::always_inline]] void lock_as_writer(cell_pair& write, cell_pair& read) noexcept {
    write = take(hooks::write_plane);
    read = cell_pair::from(pair(hooks::read_plane).load(std::memory_order_seq_cst));
    if (read.busy()) [[unlikely]]
      read = settled(granule_, hooks::read_plane);
  }
  [[gnu::always_inline]] void unlock_as_writer(cell_pair read_before, cell_pair write,
                                               cell_pair read) noexcept {
    if (read != read_before) {
      take(hooks::read_plane);
      pair(hooks::read_plane).store(read.bits(), std::memory_order_release);
    }
    pair(hooks::write_plane).store(write.bits(), std::memory_order_release);
  }
  [[gnu::always_inline]] void lock_as_reader(cell_pair& write, cell_pair& read) noexcept {
    read = take(hooks::read_plane);
    for (;;) {
      write = cell_pair::from(pair(hooks::write_plane).load(std::memory_order_acquire));
      if (!write.busy()) [[likely]]
        return;
      read = given_way(granule_, read);
    }
  }
  void unlock_as_reader(cell_pair read) noexcept {
    pair(hooks::read_plane).store(read.bits(), std::memory_order_release);
  }

 private:
  static constexpr std::uint64_t both_busy = std::uint64_t{hooks::busy} << 32 | hooks::busy;

  shadow_pair& pair(std::uint64_t plane) const { return pair_at(granule_, plane); }
  static shadow_cell& upper(std::uint64_t granule, std::uint64_t plane) {
    return *reinterpret_cast<shadow_cell*>((granule + 4) ^ plane);
  }
  [[gnu::always_inline]] cell_pair take(std::uint64_t plane) noexcept {
    const cell_pair old = cell_pair::from(pair(plane).exchange(both_busy, std::memory_order_seq_cst));
    return old.busy() ? wait_and_take(granule_, plane, old) : old;
  }
  // Pre: the exchange has just found `old`, of which a half was held by somebody else.
  [[gnu::noinline]] static cell_pair wait_and_take(std::uint64_t granule, std::uint64_t plane,
                                                   cell_pair old) noexcept {
    for (unsigned spins = 0;;) {
      if (!old.low.busy()) {  // ours; the upper one belongs to somebody who never waits for the lower
        for (;;) {
          const cell high(upper(granule, plane).exchange(hooks::busy, std::memory_order_seq_cst));
          if (!high.busy()) return {old.low, high};
          wait_a_little(spins);
        }
      }
      if (!old.high.busy()) upper(granule, plane).store(old.high.bits(), std::memory_order_release);
      settle(granule, plane, spins);
      old = cell_pair::from(pair_at(granule, plane).exchange(both_busy, std::memory_order_seq_cst));
      if (!old.busy()) return old;
    }
  }
  static cell_pair settle(std::uint64_t granule, std::uint64_t plane, unsigned& spins) noexcept {
    for (;;) {
      const auto now = cell_pair::from(pair_at(granule, plane).load(std::memory_order_seq_cst));
      if (!now.busy()) return now;
      wait_a_little(spins);
    }
  }
  [[gnu::noinline]] static cell_pair settled(std::uint64_t granule, std::uint64_t plane) noexcept {
    unsigned spins = 0;
    return settle(granule, plane, spins);
  }
  // A reader that has met a writer: gives back what it read, waits, and takes it again.
  [[gnu::noinline]] static cell_pair given_way(std::uint64_t granule, cell_pair read) noexcept {
    pair_at(granule, hooks::read_plane).store(read.bits(), std::memory_order_release);
    unsigned spins = 0;
    settle(granule, hooks::write_plane, spins);
    return granule_lock(granule).take(hooks::read_plane);
  }
  const std::uint64_t granule_;
};

}  // namespace snag::detector
