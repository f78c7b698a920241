// SPDX-License-Identifier: Apache-2.0
#pragma once
// Makes "look at a granule's cells, decide, record" one step, so that of two simultaneous first accesses one
// sees the other. What is locked is a line: the cells of an aligned 64 bytes of the program, a cache line in
// each plane, one of whose cells is the lock. So a range takes one locked exchange for 64 bytes.
//
// A writer exchanges that cell for `busy` in the plane of writes; a reader in the plane of reads, so that
// data which is only read has no pages in the plane of writes and readers leave writers' cache lines alone. A
// reader and a writer of one line meet as in Dekker's algorithm, with the exchange as the fence:
//
//   writer: exchange the write cell, then wait until no reader holds the read cell;
//   reader: exchange the read cell, then look at the write cell; if a writer holds it, give back and try
//   again.
//
// So a writer has both planes of the line to itself, a reader has the plane of reads, and the write cells as
// it found them stay true until it is done (a later writer waits for it). Who overwrites cells without the
// lock (fresh memory, memory that goes) has to take it where it shares the line with others and its lock is
// among them: shares_lock().
#include <atomic>
#include <cstdint>

#include "detector/src/backoff.h"
#include "detector/src/cell.h"
#include "detector/src/line_cells.h"

namespace snag::detector {

using shadow_cell = std::atomic<std::uint32_t>;
using shadow_pair = std::atomic<std::uint64_t>;  // the lower address's cell in the lower half
static_assert(sizeof(shadow_cell) == 4 && shadow_cell::is_always_lock_free);
static_assert(sizeof(shadow_pair) == 8 && shadow_pair::is_always_lock_free);

// Of a granule, or of an aligned 8 bytes, in the plane that `flip` leads to.
inline shadow_cell& cell_at(std::uint64_t granule, std::uint64_t flip) {
  return *reinterpret_cast<shadow_cell*>(granule ^ flip);
}
inline shadow_pair& pair_at(std::uint64_t granule, std::uint64_t flip) {
  return *reinterpret_cast<shadow_pair*>(granule ^ flip);
}
inline shadow_cell& write_cell(std::uint64_t granule) { return cell_at(granule, hooks::write_plane); }
inline shadow_cell& read_cell(std::uint64_t granule) { return cell_at(granule, hooks::read_plane); }

// Overwrites the cells of all granules from `begin` on, before `end`, without a lock. (Many by an instruction
// of their own: atomic stores one by one cost several times as much. It stores whole words, so that nobody
// sees a part of a cell.)
inline void fill_cells(std::uint64_t begin, std::uint64_t end, std::uint64_t flip, cell c) {
  constexpr std::uint64_t many = 256;  // bytes
  if (end - begin >= many && begin < end) {
    void* at = &cell_at(begin, flip);
    std::uint64_t count = (end - begin + 3) / 4;
    asm volatile("rep stosl" : "+D"(at), "+c"(count) : "a"(c.bits()) : "memory");
    return;
  }
  if (begin % line_size == 0 && end - begin == line_size)
    return fill_line<lock_cell::regarded>(begin, flip, c);
  if (begin % 8 != 0 && begin < end) {
    cell_at(begin, flip).store(c.bits(), std::memory_order_relaxed);
    begin += 4;
  }
  for (; begin + 8 <= end; begin += 8)
    pair_at(begin, flip).store(cell_pair{c, c}.bits(), std::memory_order_relaxed);
  if (begin < end) cell_at(begin, flip).store(c.bits(), std::memory_order_relaxed);
}

// Whether a writer is at the line now.
inline bool written_now(std::uint64_t granule) noexcept {
  return cell(write_cell(lock_of(granule)).load(std::memory_order_seq_cst)).busy();
}

class line_lock {
 public:
  explicit line_lock(std::uint64_t granule) : lock_(lock_of(granule)) {}

  [[gnu::always_inline]] void lock_as_writer() noexcept {
    own_write_ = take(write_cell(lock_));
    own_read_ = cell(read_cell(lock_).load(std::memory_order_seq_cst));
    if (own_read_.busy()) [[unlikely]]
      own_read_ = settled(read_cell(lock_));
    own_read_found_ = own_read_;
  }
  [[gnu::always_inline]] void unlock_as_writer() noexcept {
    if (own_read_ != own_read_found_) {
      take(read_cell(lock_));
      read_cell(lock_).store(own_read_.bits(), std::memory_order_release);
    }
    write_cell(lock_).store(own_write_.bits(), std::memory_order_release);
  }
  [[gnu::always_inline]] void lock_as_reader() noexcept {
    own_read_ = take(read_cell(lock_));
    own_write_ = cell(write_cell(lock_).load(std::memory_order_acquire));
    while (own_write_.busy()) [[unlikely]] {
      own_read_ = given_way(lock_, own_read_);
      own_write_ = cell(write_cell(lock_).load(std::memory_order_acquire));
    }
  }
  [[gnu::always_inline]] void unlock_as_reader() noexcept {
    read_cell(lock_).store(own_read_.bits(), std::memory_order_release);
  }

  // What the planes say of a granule of the line (Cell = cell), or of an aligned pair (Cell = cell_pair).
  template <class Cell>
  [[gnu::always_inline]] Cell write(std::uint64_t granule) const noexcept {
    return look<Cell>(granule, hooks::write_plane, own_write_);
  }
  template <class Cell>
  [[gnu::always_inline]] Cell read(std::uint64_t granule) const noexcept {
    return look<Cell>(granule, hooks::read_plane, own_read_);
  }
  // Pre: locked as writer.
  template <class Cell>
  [[gnu::always_inline]] void set_write(std::uint64_t granule, Cell c) noexcept {
    set(granule, hooks::write_plane, c, own_write_);
  }
  template <class Cell>
  [[gnu::always_inline]] void set_read(std::uint64_t granule, Cell c) noexcept {
    set(granule, hooks::read_plane, c, own_read_);
  }

  // Of the whole line: whether in each plane all cells are as that of the lock's own granule.
  [[gnu::always_inline]] bool is_uniform() const noexcept {
    return are_all<lock_cell::disregarded>(line_of(lock_), hooks::write_plane, four_of(own_write_)) &&
           are_all<lock_cell::disregarded>(line_of(lock_), hooks::read_plane, four_of(own_read_));
  }
  cell own_write() const noexcept { return own_write_; }
  cell own_read() const noexcept { return own_read_; }
  // Pre: locked as writer.
  [[gnu::always_inline]] void fill_write(cell c) noexcept {
    fill_line<lock_cell::disregarded>(line_of(lock_), hooks::write_plane, own_write_ = c);
  }
  [[gnu::always_inline]] void fill_read(cell c) noexcept {
    fill_line<lock_cell::disregarded>(line_of(lock_), hooks::read_plane, own_read_ = c);
  }

 private:
  template <class Cell>
  [[gnu::always_inline]] Cell look(std::uint64_t granule, std::uint64_t plane, cell own) const noexcept {
    if constexpr (sizeof(Cell) == sizeof(cell)) {
      const cell c(cell_at(granule, plane).load(std::memory_order_relaxed));
      return granule == lock_ ? own : c;
    } else {
      cell_pair c = cell_pair::from(pair_at(granule, plane).load(std::memory_order_relaxed));
      if (granule == lock_) c.low = own;
      return c;
    }
  }
  // (Released each, for those who look without a lock.)
  [[gnu::always_inline]] void set(std::uint64_t granule, std::uint64_t plane, cell c, cell& own) noexcept {
    if (granule == lock_) {
      own = c;
    } else {
      cell_at(granule, plane).store(c.bits(), std::memory_order_release);
    }
  }
  [[gnu::always_inline]] void set(std::uint64_t granule, std::uint64_t plane, cell_pair c,
                                  cell& own) noexcept {
    if (granule == lock_) {
      own = c.low;
      cell_at(granule + 4, plane).store(c.high.bits(), std::memory_order_release);
    } else {
      pair_at(granule, plane).store(c.bits(), std::memory_order_release);
    }
  }

  [[gnu::always_inline]] static cell take(shadow_cell& c) noexcept {
    const cell old(c.exchange(hooks::busy, std::memory_order_seq_cst));
    return old.busy() ? wait_and_take(c) : old;
  }
  [[gnu::noinline]] static cell wait_and_take(shadow_cell& c) noexcept {
    for (unsigned spins = 0;;) {
      while (cell(c.load(std::memory_order_relaxed)).busy()) held_for_a_moment.wait(spins);
      const cell old(c.exchange(hooks::busy, std::memory_order_seq_cst));
      if (!old.busy()) return old;
    }
  }
  [[gnu::noinline]] static cell settled(shadow_cell& c) noexcept {
    for (unsigned spins = 0;;) {
      const cell now(c.load(std::memory_order_seq_cst));
      if (!now.busy()) return now;
      held_for_a_moment.wait(spins);
    }
  }
  // A reader that has met a writer: gives back what it took, waits, and takes it again.
  [[gnu::noinline]] static cell given_way(std::uint64_t lock, cell own_read) noexcept {
    read_cell(lock).store(own_read.bits(), std::memory_order_release);
    settled(write_cell(lock));
    return take(read_cell(lock));
  }

  const std::uint64_t lock_;
  cell own_write_, own_read_;  // of the lock's own granule: what its cells are to be when they are given back
  cell own_read_found_;
};

}  // namespace snag::detector
