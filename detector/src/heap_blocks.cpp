// SPDX-License-Identifier: Apache-2.0
#include "detector/src/heap_blocks.h"

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <bit>

#include "detector/src/internal_memory.h"

namespace snag::detector {
constinit std::atomic<bool> any_adopted{false};

namespace {

// At the end of the block's usable bytes; its place follows from the block's address alone.
struct trailer {
  std::uint32_t size;   // bytes, as asked for; too_large: about what there is room for
  std::uint32_t owner;  // a goroutine; 0: unknown, or its number does not fit
  std::uint32_t position;
  std::uint32_t check;  // an overrun of the user's block must not lead us astray
};
static_assert(sizeof(trailer) == heap_trailer_size);
constexpr std::uint32_t too_large = ~std::uint32_t{0};

std::uint32_t if_it_fits(std::uint64_t n, std::uint32_t otherwise) {
  return n < too_large ? static_cast<std::uint32_t>(n) : otherwise;
}

std::uint32_t check_of(const void* block, const trailer& t) {
  const std::uint64_t what = std::uint64_t{t.size} << 32 | (t.owner ^ t.position * 0x85EBCA6Bu);
  const auto mixed =
      (reinterpret_cast<std::uint64_t>(block) ^ what * 0x9E3779B97F4A7C15u) * 0xD6E8FEB86659FD93u;
  return static_cast<std::uint32_t>(mixed >> 32);
}

// Combined with the check.
constexpr std::uint32_t freed_mark = 0x5A5A5A5A, library_mark = 0x3C3C3C3C;

// What the check says of the block.
struct marks {
  bool intact, freed, library;
};
marks marks_of(const void* block, const trailer& t) {
  const std::uint32_t mark = t.check ^ check_of(block, t);
  const bool freed = mark == freed_mark, library = mark == library_mark;
  return {freed || library || mark == 0, freed, library};
}

trailer* trailer_of(const void* block) {
  const auto end = reinterpret_cast<std::uintptr_t>(block) + glibc_usable_size(block);
  return reinterpret_cast<trailer*>((end - sizeof(trailer)) & ~std::uintptr_t{7});
}

constexpr unsigned page_bits = 20, leaf_bits = 13, address_bits = 47, alignment_bits = 4;
constexpr unsigned root_bits = address_bits - page_bits - leaf_bits;
constexpr std::size_t words_per_page = std::size_t{1} << (page_bits - alignment_bits - 6);

struct start_page {
  std::atomic<std::uint64_t> words[words_per_page];
};
struct leaf {
  std::atomic<start_page*> pages[std::size_t{1} << leaf_bits];
  // The start of the block that the page's first byte lies in, if it begins on a page below; 0: none.
  std::atomic<std::uintptr_t> reached_by[std::size_t{1} << leaf_bits];
  std::atomic<std::uint64_t> present[(std::size_t{1} << leaf_bits) / 64];  // one bit a page: had a block
};
constinit std::atomic<leaf*> root[std::size_t{1} << root_bits]{};
constinit std::atomic<std::uint32_t> look_ups{0};  // in progress

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

bool is_start(const void* block) {
  const auto a = reinterpret_cast<std::uintptr_t>(block);
  if (a >> address_bits != 0 || (a & 15) != 0) return false;
  const start_page* p = existing_page(page_of(a));
  const auto [word, mask] = place_of(a);
  return p && (p->words[word].load(std::memory_order_seq_cst) & mask) != 0;
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

void describe_heap_block(void* block, std::size_t size) noexcept {
  const auto a = reinterpret_cast<std::uintptr_t>(block);
  if (a >> address_bits != 0) return;
  trailer& t = *trailer_of(block);
  t = {if_it_fits(size, too_large), if_it_fits(static_cast<std::uint64_t>(current_actor()), 0),
       number_of(here()), 0};
  t.check = check_of(block, t);
  const std::uintptr_t last = page_of(a + glibc_usable_size(block) - 1);
  for (std::uintptr_t page = page_of(a) + 1; page <= last; ++page) {
    leaf& l = leaf_for(page);
    l.reached_by[in_leaf(page)].store(a, std::memory_order_seq_cst);
    note_present(l, page);
  }
  const auto [word, mask] = place_of(a);
  page_for(page_of(a)).words[word].fetch_or(mask, std::memory_order_seq_cst);
}

block_state described_size(const void* block, std::size_t& size) noexcept {
  if (!is_start(block)) return block_state::foreign;
  const trailer& t = *trailer_of(block);
  const std::size_t room = glibc_usable_size(block) - sizeof(trailer);
  const marks m = marks_of(block, t);
  const bool intact = m.intact && t.size <= room;
  size = intact && t.size != too_large ? t.size : room;
  return intact && m.freed ? block_state::freed : block_state::live;
}

bool quarantine(void* block, std::size_t size, void*& released) noexcept {
  if (size > quarantine_block_size) return false;
  trailer& t = *trailer_of(block);
  if (t.check != check_of(block, t)) return false;  // a library's, or overrun: let glibc look at it
  t.check ^= freed_mark;
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
  while (look_ups.load(std::memory_order_seq_cst) != 0) sched_yield();
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

bool find_heap_block_at_rest(const void* address, heap_block& out) noexcept {
  const auto a = reinterpret_cast<std::uintptr_t>(address);
  if (a >> address_bits != 0) return false;
  const std::uintptr_t start = start_for(a);
  if (start == 0) return false;
  const auto* block = reinterpret_cast<const void*>(start);
  const trailer t = *trailer_of(block);
  const marks m = marks_of(block, t);
  const std::size_t size = t.size != too_large ? t.size : glibc_usable_size(block) - sizeof(trailer);
  if (!m.intact || a - start >= size) return false;
  const position p = position_of(t.position);
  out = {block, size, static_cast<events::goroutine_id>(t.owner), p.call, p.context, m.freed, m.library};
  return true;
}

bool find_heap_block(const void* address, heap_block& out) noexcept {
  look_ups.fetch_add(1, std::memory_order_seq_cst);
  const bool found = find_heap_block_at_rest(address, out);
  look_ups.fetch_sub(1, std::memory_order_seq_cst);
  return found;
}

void adopt_heap_block(const void* block) noexcept {
  heap_block b;
  if (!find_heap_block(block, b) || b.begin != block || b.freed || b.library) return;
  trailer_of(block)->check ^= library_mark;
  any_adopted.store(true, std::memory_order_release);
  on_unmapped(block, b.size);
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
