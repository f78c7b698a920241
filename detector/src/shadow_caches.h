// SPDX-License-Identifier: Apache-2.0
#pragma once
// Small caches of an OS thread. Each is exact: an entry names everything its answer depends on,
// so a stale entry never matches; the sweep clears them because it gives record and set ids new meanings.
// Private to a thread.
#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cstdint>
#include <cstring>

#include "detector/src/access_record.h"
#include "detector/src/cell.h"

namespace snag::detector {

// Records by what they say but for when: an access from a place that accessed before in this epoch needs no
// new one. (A second record of one place and epoch would be true, but cells that name now one and now the
// other make as many sets as there are ways to mix them.) Whether the record found is of this epoch is for
// the caller to ask. Three records share a cache line; the one that was put there first makes room.
class record_cache {
 public:
  struct key {
    site_id site;
    context_id context;
    lock_set_id locks;
    std::uint32_t size_and_kind;
    // (In halves: what was just put together is still in registers.)
    friend bool operator==(const key& a, const key& b) {
      const auto x = std::bit_cast<std::array<std::uint64_t, 2>>(a);
      const auto y = std::bit_cast<std::array<std::uint64_t, 2>>(b);
      return ((x[0] ^ y[0]) | (x[1] ^ y[1])) == 0;
    }
  };
  static_assert(sizeof(key) == 16);
  struct entry {
    key of{};
    record_id record = record_id::none;
  };
  static constexpr std::uint32_t ways = 3;
  struct alignas(64) line {
    entry entries[ways];
    std::uint32_t oldest = 0;
  };
  line& line_for(const key& k) noexcept {
    const std::uint32_t h = static_cast<std::uint32_t>(k.site) * 0x9e3779b1u ^
                            static_cast<std::uint32_t>(k.context) * 0x85ebca6bu ^
                            k.size_and_kind * 0xc2b2ae35u;
    return lines_[(h ^ h >> 15) % lines];
  }
  static entry* find(line& l, const key& k) noexcept {  // null: it is not there
    for (entry& e : l.entries)
      if (e.of == k) return &e;
    return nullptr;
  }
  static void insert(line& l, const key& k, record_id record) noexcept {  // pre: it is not there
    l.entries[l.oldest] = {k, record};
    l.oldest = (l.oldest + 1) % ways;
  }
  void clear() noexcept {
    for (line& l : lines_) l = {};
  }

 private:
  static constexpr std::uint32_t lines = 1024;
  line lines_[lines];
};
static_assert(sizeof(record_cache::line) == 64);

// Which bytes of sets the records of a window cover: bytes that several instructions wrote, data that others
// read as well. An entry names the window by its first record: windows grow, sets never change. Also read
// outside the core, while another thread's sweep may clear it.
class covered_sets {
 public:
  byte_mask bytes(std::uint32_t set, std::uint32_t window_base) const noexcept {
    const std::uint64_t e = entries_[index(set)].load(std::memory_order_relaxed);
    return (e & ~bytes_mask) == entry(set, window_base)
               ? static_cast<byte_mask>((e & bytes_mask) >> hooks::cell_id_bits)
               : 0;
  }
  void insert(std::uint32_t set, std::uint32_t window_base, byte_mask bytes) noexcept {
    entries_[index(set)].store(entry(set, window_base) | std::uint64_t{bytes} << hooks::cell_id_bits,
                               std::memory_order_relaxed);
  }
  void clear() noexcept {
    for (auto& e : entries_) e.store(0, std::memory_order_relaxed);
  }

 private:
  static constexpr unsigned size_bits = 10;
  static constexpr std::uint32_t size = 1u << size_bits;
  static std::uint32_t index(std::uint32_t set) noexcept { return set * 0x9e3779b1u >> (32 - size_bits); }
  static constexpr std::uint64_t bytes_mask = std::uint64_t{all_bytes} << hooks::cell_id_bits;  // 0 in a set
  static std::uint64_t entry(std::uint32_t set, std::uint32_t window_base) {
    return std::uint64_t{1} << 63 | std::uint64_t{window_base} << 32 | set;  // never 0, which is no entry
  }
  std::atomic<std::uint64_t> entries_[size] = {};
};

// Exclusive records, by granule, goroutine and kind: so that a goroutine finds its own among a hundred
// others', and knows that it stands. An entry holds as long as the cell is what it was.
class exclusive_records {
 public:
  static constexpr std::uint32_t unsettled = hooks::busy;  // no cell that anybody finds
  struct entry {
    std::uint64_t granule = 0;
    epoch when;  // of the latest access
    record_id record = record_id::none;
    std::uint32_t cell = 0;  // that names it, of each granule of a pair
    // The cell of the other plane. All plain accesses that the two name come before this one; of a plain
    // read: for ever, as long as they are what they name. unsettled: not so.
    std::uint32_t other = 0;
    byte_mask bytes = 0;
    access_kind kind = access_kind::read;  // or atomic
    bool pair = false;
  };
  // Null: unknown.
  entry* find(std::uint64_t granule, slot_id whose, access_kind kind) noexcept {
    entry& e = entries_[index(granule, whose, kind)];
    return e.granule == granule && e.when.slot == whose && e.kind == kind ? &e : nullptr;
  }
  void insert(const entry& e) noexcept { entries_[index(e.granule, e.when.slot, e.kind)] = e; }
  void clear() noexcept {
    for (entry& e : entries_) e = {};
  }

 private:
  static constexpr std::uint32_t size = 512;
  static std::uint32_t index(std::uint64_t granule, slot_id whose, access_kind kind) noexcept {
    const std::uint32_t h = static_cast<std::uint32_t>(granule >> 2) * 0x9e3779b1u ^
                            static_cast<std::uint32_t>(whose) * 0x85ebca6bu ^
                            static_cast<std::uint32_t>(kind) * 0xc2b2ae35u;
    return (h ^ h >> 15) % size;
  }
  entry entries_[size];
};

// Up to which of a goroutine's epochs all come before the actor that runs here, and up to which the order of
// locks has nothing more to learn of its writes (lock_order/): while one actor runs, both only grow. What a
// section under a lock meets is mostly of a few goroutines, and each answer costs a walk through a clock.
class settled_orders {
 public:
  bool settled(epoch e, bool flows) const noexcept {
    const entry& known = at(e.slot);
    return known.slot == e.slot && known.turn == turn_ && e.time <= (flows ? known.flows : known.time);
  }
  void remember(slot_id slot, clock_time before_us, clock_time flows) noexcept {
    entries_[index(slot)] = {slot, turn_, before_us, std::min(flows, before_us)};
  }
  // Another actor runs.
  void forget() noexcept {
    if (++turn_ == 0) *this = {};
  }

 private:
  struct entry {
    slot_id slot{};
    std::uint32_t turn = 0;
    clock_time time = 0, flows = 0;
  };
  static constexpr std::uint32_t size = 64;
  static std::uint32_t index(slot_id slot) noexcept { return static_cast<std::uint32_t>(slot) % size; }
  const entry& at(slot_id slot) const noexcept { return entries_[index(slot)]; }
  std::uint32_t turn_ = 1;
  entry entries_[size];
};

// What recording did to a granule's cells when it found no race. The same record meets the same cells all
// over an array or a class of objects. Stays true within the epoch: order only grows.
class outcome_memo {
 public:
  struct entry {
    std::uint32_t write = 0, read = 0;  // cells found
    record_id record = record_id::none;
    byte_mask bytes = 0;
    std::uint32_t new_write = 0, new_read = 0;  // cells to leave
    record_id reader = record_id::none;         // of a plain read: the record that stands for it
  };
  const entry* find(cell write, cell read, record_id record, byte_mask bytes) const noexcept {
    const entry& e = entries_[index(write, read, record)];
    return e.record == record && e.write == write.bits() && e.read == read.bits() && e.bytes == bytes
               ? &e
               : nullptr;
  }
  void insert(const entry& e) noexcept { entries_[index(cell(e.write), cell(e.read), e.record)] = e; }
  void clear() noexcept { std::memset(static_cast<void*>(entries_), 0, sizeof entries_); }

 private:
  static constexpr std::uint32_t size = 128;
  static std::uint32_t index(cell write, cell read, record_id record) {
    const std::uint32_t h =
        write.bits() * 0x9e3779b1u ^ read.bits() * 0x85ebca6bu ^ static_cast<std::uint32_t>(record);
    return (h ^ h >> 16) % size;
  }
  entry entries_[size];
};

}  // namespace snag::detector
