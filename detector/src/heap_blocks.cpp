// SPDX-License-Identifier: Apache-2.0
#include "detector/src/heap_blocks.h"

#include <algorithm>
#include <atomic>
#include <bit>

#include "detector/src/internal_memory.h"

namespace snag::detector {
constinit std::atomic<bool> any_adopted{false};

namespace {

// Of a block that starts in its 32 bytes of the heap. Of more than a chunk of 48 bytes holds, the next 32 are
// the block's as well, and its size goes on there.
//
//   freed 1 | library 1 | goes on 1 | size 6 | owner 27 | position 28       size >> 6
class description {
 public:
  void set(std::size_t size, block_maker maker) {
    const bool goes_on = size > fits_alone;
    if (goes_on) this[1].word_.store(size >> size_bits, std::memory_order_relaxed);
    word_.store((goes_on ? more : 0) | (size & mask(size_bits)) << size_at |
                    if_it_fits(static_cast<std::uint64_t>(maker.who), owner_bits) << owner_at |
                    if_it_fits(maker.where, position_bits),
                std::memory_order_release);
  }
  void mark_freed() { word_.fetch_or(freed, std::memory_order_relaxed); }
  void mark_library() { word_.fetch_or(library, std::memory_order_relaxed); }

  bool is_freed() const { return (word() & freed) != 0; }
  bool is_library() const { return (word() & library) != 0; }
  std::size_t size() const {
    const std::uint64_t w = word(), low = w >> size_at & mask(size_bits);
    return (w & more) == 0 ? low : this[1].word() << size_bits | low;
  }
  // none: unknown, or its number does not fit.
  events::goroutine_id owner() const { return events::goroutine_id{word() >> owner_at & mask(owner_bits)}; }
  std::uint32_t position() const { return static_cast<std::uint32_t>(word() & mask(position_bits)); }

 private:
  static constexpr std::size_t fits_alone = 40;  // bytes
  static constexpr unsigned position_bits = 28, owner_bits = 27, size_bits = 6;
  static constexpr unsigned owner_at = position_bits, size_at = owner_at + owner_bits;
  static constexpr std::uint64_t freed = std::uint64_t{1} << 63, library = freed >> 1, more = freed >> 2;
  static_assert(size_at + size_bits == 61 && fits_alone < 1u << size_bits);
  static constexpr std::uint64_t mask(unsigned bits) { return (std::uint64_t{1} << bits) - 1; }
  static std::uint64_t if_it_fits(std::uint64_t n, unsigned bits) { return n <= mask(bits) ? n : 0; }

  std::uint64_t word() const { return word_.load(std::memory_order_acquire); }
  std::atomic<std::uint64_t> word_;
};
static_assert(sizeof(description) == 8);

constexpr unsigned page_bits = 20, leaf_bits = 13, address_bits = 47, alignment_bits = 4, chunk_bits = 5;
constexpr unsigned root_bits = address_bits - page_bits - leaf_bits;
constexpr std::size_t words_per_page = std::size_t{1} << (page_bits - alignment_bits - 6);

struct start_page {
  std::atomic<std::uint64_t> words[words_per_page];
  description of[(std::size_t{1} << (page_bits - chunk_bits)) + 1];

  description& of_block(std::uintptr_t start) {
    return of[(start & ((std::uintptr_t{1} << page_bits) - 1)) >> chunk_bits];
  }
};
struct leaf {
  std::atomic<start_page*> pages[std::size_t{1} << leaf_bits];
  // The start of the block that the page's first byte lies in, if it begins on a page below; 0: none.
  std::atomic<std::uintptr_t> reached_by[std::size_t{1} << leaf_bits];
  std::atomic<std::uint64_t> present[(std::size_t{1} << leaf_bits) / 64];  // one bit a page: had a block
};
constinit std::atomic<leaf*> root[std::size_t{1} << root_bits]{};

constinit std::atomic<void*> quarantined[quarantine_blocks]{};
constinit std::atomic<std::size_t> quarantine_next{0};

constexpr std::uintptr_t page_of(std::uintptr_t a) { return a >> page_bits; }

constexpr std::uintptr_t in_leaf(std::uintptr_t page) { return page & ((1u << leaf_bits) - 1); }

leaf* existing_leaf(std::uintptr_t page) { return root[page >> leaf_bits].load(std::memory_order_acquire); }

start_page* existing_page(std::uintptr_t page) {
  leaf* l = existing_leaf(page);
  return l ? l->pages[in_leaf(page)].load(std::memory_order_acquire) : nullptr;
}

// Both levels are zero pages of the kernel's; the loser of a race to publish one leaves its untouched copy
// unused.
template <class T>
T* publish(std::atomic<T*>& at) {
  T* present = at.load(std::memory_order_acquire);
  if (present) return present;
  T* fresh = static_cast<T*>(internal_reserve(sizeof(T)));
  return at.compare_exchange_strong(present, fresh, std::memory_order_acq_rel) ? fresh : present;
}

leaf& leaf_for(std::uintptr_t page) { return *publish(root[page >> leaf_bits]); }

void note_present(leaf& l, std::uintptr_t page) {
  const std::uintptr_t n = in_leaf(page);
  l.present[n / 64].fetch_or(std::uint64_t{1} << (n % 64), std::memory_order_seq_cst);
}

start_page& page_for(std::uintptr_t page) {
  leaf& l = leaf_for(page);
  std::atomic<start_page*>& at = l.pages[in_leaf(page)];
  if (start_page* p = at.load(std::memory_order_acquire)) [[likely]]
    return *p;
  start_page* const p = publish(at);
  note_present(l, page);
  return *p;
}

struct bit_place {
  std::size_t word;
  std::uint64_t mask;
};
constexpr bit_place place_of(std::uintptr_t a) {
  const std::uintptr_t unit = (a & ((std::uintptr_t{1} << page_bits) - 1)) >> alignment_bits;
  return {unit / 64, std::uint64_t{1} << (unit % 64)};
}

// Null: no described block starts there.
description* description_of(const void* block) {
  const auto a = reinterpret_cast<std::uintptr_t>(block);
  if (a >> address_bits != 0 || (a & 15) != 0) return nullptr;
  start_page* const p = existing_page(page_of(a));
  const auto [word, mask] = place_of(a);
  if (p == nullptr || (p->words[word].load(std::memory_order_seq_cst) & mask) == 0) return nullptr;
  return &p->of_block(a);
}

// Of the block that the address may be in; 0: it is in none.
std::uintptr_t start_for(std::uintptr_t a) {
  const std::uintptr_t page = page_of(a);
  const leaf* const l = existing_leaf(page);
  if (l == nullptr) return 0;
  if (const start_page* const p = l->pages[in_leaf(page)].load(std::memory_order_acquire)) {
    const auto [word, mask] = place_of(a);
    std::uint64_t wanted = mask | (mask - 1);
    for (std::size_t w = word + 1; w-- > 0; wanted = ~std::uint64_t{0})
      if (const std::uint64_t bits = p->words[w].load(std::memory_order_seq_cst) & wanted)
        return (page << page_bits) +
               ((w * 64 + 63 - static_cast<unsigned>(std::countl_zero(bits))) << alignment_bits);
  }
  return l->reached_by[in_leaf(page)].load(std::memory_order_seq_cst);
}

}  // namespace

std::size_t glibc_usable_size(const void* block) noexcept {
  // malloc/malloc.c: the word before a block is its chunk's size; bit 1 marks chunks that were mapped one by
  // one, whose last word is not theirs to lend.
  const std::uint64_t word = static_cast<const std::uint64_t*>(block)[-1];
  return (word & ~std::uint64_t{7}) - ((word & 2) != 0 ? 16 : 8);
}

void describe_heap_block(void* block, std::size_t size, block_maker maker) noexcept {
  const auto a = reinterpret_cast<std::uintptr_t>(block);
  if (a >> address_bits != 0) return;
  start_page& first = page_for(page_of(a));
  first.of_block(a).set(size, maker);
  const std::uintptr_t last = page_of(a + std::max<std::size_t>(size, 1) - 1);
  for (std::uintptr_t page = page_of(a) + 1; page <= last; ++page) {
    leaf& l = leaf_for(page);
    l.reached_by[in_leaf(page)].store(a, std::memory_order_seq_cst);
    note_present(l, page);
  }
  const auto [word, mask] = place_of(a);
  first.words[word].fetch_or(mask, std::memory_order_seq_cst);
}

block_state described_size(const void* block, std::size_t& size) noexcept {
  const description* const d = description_of(block);
  if (d == nullptr) return block_state::foreign;
  size = d->size();
  return d->is_freed() ? block_state::freed : block_state::live;
}

bool quarantine(void* block, std::size_t size, void*& released) noexcept {
  if (size > quarantine_block_size) return false;
  description& d = *description_of(block);
  if (d.is_library()) return false;
  d.mark_freed();
  const std::size_t at = quarantine_next.fetch_add(1, std::memory_order_relaxed) % quarantine_blocks;
  released = quarantined[at].exchange(block, std::memory_order_acq_rel);
  if (released) forget_heap_block(released);
  return true;
}

void forget_heap_block(const void* block) noexcept {
  const auto a = reinterpret_cast<std::uintptr_t>(block);
  const auto [word, mask] = place_of(a);
  if (start_page* p = existing_page(page_of(a))) p->words[word].fetch_and(~mask, std::memory_order_seq_cst);
  for (std::uintptr_t page = page_of(a) + 1;; ++page) {
    leaf* const l = existing_leaf(page);
    if (l == nullptr || l->reached_by[in_leaf(page)].load(std::memory_order_seq_cst) != a) break;
    l->reached_by[in_leaf(page)].store(0, std::memory_order_seq_cst);
  }
}

void described_heap(std::uintptr_t& low, std::uintptr_t& high) noexcept {
  low = ~std::uintptr_t{0};
  high = 0;
  for (std::uintptr_t l = 0; l < std::size(root); ++l) {
    const leaf* const there = root[l].load(std::memory_order_acquire);
    if (there == nullptr) continue;
    for (std::uintptr_t n = 0; n < std::size(there->present); ++n) {
      const std::uint64_t bits = there->present[n].load(std::memory_order_acquire);
      if (bits == 0) continue;
      const std::uintptr_t first = (l << leaf_bits) + n * 64;
      low = std::min(low, (first + static_cast<unsigned>(std::countr_zero(bits))) << page_bits);
      const std::uintptr_t last = first + 63 - static_cast<unsigned>(std::countl_zero(bits));
      high = std::max(high, (last + 1) << page_bits);
    }
  }
}

bool find_heap_block(const void* address, heap_block& out) noexcept {
  const auto a = reinterpret_cast<std::uintptr_t>(address);
  if (a >> address_bits != 0) return false;
  const std::uintptr_t start = start_for(a);
  const description* const d = start != 0 ? description_of(reinterpret_cast<const void*>(start)) : nullptr;
  if (d == nullptr || a - start >= d->size()) return false;
  const position p = position_of(d->position());
  out = {reinterpret_cast<const void*>(start),
         d->size(),
         d->owner(),
         p.call,
         p.context,
         d->is_freed(),
         d->is_library()};
  return true;
}

void adopt_heap_block(const void* block) noexcept {
  description* const d = description_of(block);
  if (d == nullptr || d->is_freed() || d->is_library()) return;
  d->mark_library();
  any_adopted.store(true, std::memory_order_release);
  on_unmapped(block, d->size());
}

bool is_adopted(const void* address) noexcept {
  heap_block b;
  return find_heap_block(address, b) && b.library;
}

bool in_freed_block(std::uint64_t address) noexcept {
  heap_block b;
  return find_heap_block(reinterpret_cast<const void*>(address), b) && b.freed;
}

}  // namespace snag::detector
