// SPDX-License-Identifier: Apache-2.0
#include "detector/src/heap_blocks.h"

#include <algorithm>
#include <atomic>
#include <bit>

#include "detector/src/internal_memory.h"

namespace snag::detector {
constinit std::atomic<bool> any_adopted{false};

namespace {

// Of a block that starts in its 32 bytes of the heap; none: zero. Of more than a chunk of 48 bytes holds, the
// next 32 are the block's as well, and its size stands there, which is no state's.
//
//   state 2 | second half 1 | size 6 | owner 27 | position 28
class description {
 public:
  enum class state : unsigned char { none, live, freed, library };

  void set(std::uintptr_t start, std::size_t size, block_maker maker) {
    const bool alone = size <= fits_alone;
    if (!alone) this[1].word_.store(size, std::memory_order_relaxed);
    word_.store(bits_of(state::live) | std::uint64_t{in_second_half(start)} << half_at |
                    (alone ? size : stands_next) << size_at |
                    if_it_fits(static_cast<std::uint64_t>(maker.who), owner_bits) << owner_at |
                    if_it_fits(maker.where, position_bits),
                std::memory_order_release);
  }
  // Who frees a block, or gives it to a library, is the only one who does.
  void become(state s) { word_.store((word() & mask(state_at)) | bits_of(s), std::memory_order_release); }
  void clear() { word_.store(0, std::memory_order_release); }

  state is() const { return static_cast<state>(word() >> state_at); }
  // Where its block starts; pre: some state, of the 32 bytes at `unit`.
  std::uintptr_t start(std::uintptr_t unit) const {
    return unit + ((word() >> half_at & 1) << alignment_bits);
  }
  std::size_t size() const {
    const std::uint64_t here = word() >> size_at & mask(size_bits);
    return here == stands_next ? this[1].word() : here;
  }
  // none: unknown, or its number does not fit.
  events::goroutine_id owner() const { return events::goroutine_id{word() >> owner_at & mask(owner_bits)}; }
  std::uint32_t position() const { return static_cast<std::uint32_t>(word() & mask(position_bits)); }

  static constexpr unsigned alignment_bits = 4, unit_bits = 5;

 private:
  static constexpr std::size_t fits_alone = 40;  // bytes
  static constexpr unsigned position_bits = 28, owner_bits = 27, size_bits = 6;
  static constexpr unsigned owner_at = position_bits, size_at = owner_at + owner_bits,
                            half_at = size_at + size_bits, state_at = half_at + 1;
  static constexpr std::uint64_t mask(unsigned bits) { return (std::uint64_t{1} << bits) - 1; }
  static constexpr std::uint64_t stands_next = (std::uint64_t{1} << size_bits) - 1;
  static_assert(state_at + 2 == 64 && fits_alone < stands_next);
  static std::uint64_t if_it_fits(std::uint64_t n, unsigned bits) { return n <= mask(bits) ? n : 0; }
  static constexpr std::uint64_t bits_of(state s) { return static_cast<std::uint64_t>(s) << state_at; }
  static bool in_second_half(std::uintptr_t start) { return (start >> alignment_bits & 1) != 0; }

  std::uint64_t word() const { return word_.load(std::memory_order_acquire); }
  std::atomic<std::uint64_t> word_;
};
static_assert(sizeof(description) == 8);

constexpr unsigned page_bits = 20, leaf_bits = 13, address_bits = 47, stretch_bits = 10;
constexpr unsigned root_bits = address_bits - page_bits - leaf_bits;
constexpr std::size_t units_per_stretch = std::size_t{1} << (stretch_bits - description::unit_bits);

constexpr std::uintptr_t in_page(std::uintptr_t a) { return a & ((std::uintptr_t{1} << page_bits) - 1); }

struct start_page {
  description of[(std::size_t{1} << (page_bits - description::unit_bits)) + 1];
  // Whether a block ever started in each stretch of 1 KiB. (Not forgotten when it goes.)
  std::atomic<bool> had_start[std::size_t{1} << (page_bits - stretch_bits)];

  description& of_block(std::uintptr_t start) { return of[in_page(start) >> description::unit_bits]; }
  void note_start(std::uintptr_t start) {
    std::atomic<bool>& had = had_start[in_page(start) >> stretch_bits];
    if (!had.load(std::memory_order_relaxed)) had.store(true, std::memory_order_release);
  }
  // The start of the nearest block at or below an address of this page's, which begins at `page_start`; 0:
  // none.
  std::uintptr_t nearest_below(std::uintptr_t page_start, std::uintptr_t a) const {
    for (std::size_t stretch = in_page(a) >> stretch_bits, unit = in_page(a) >> description::unit_bits;;
         --stretch) {
      const std::size_t first = stretch * units_per_stretch;
      if (had_start[stretch].load(std::memory_order_acquire))
        for (std::size_t n = unit + 1; n-- > first;)
          if (of[n].is() != description::state::none)
            if (const std::uintptr_t start = of[n].start(page_start + (n << description::unit_bits));
                start <= a)
              return start;
      if (stretch == 0) return 0;
      unit = first - 1;
    }
  }
};
struct leaf {
  std::atomic<start_page*> pages[std::size_t{1} << leaf_bits];
  // The start of the block that the page's first byte lies in, if it begins on a page below; 0: none.
  std::atomic<std::uintptr_t> reached_by[std::size_t{1} << leaf_bits];
  std::atomic<std::uint64_t> present[(std::size_t{1} << leaf_bits) / 64];  // one bit a page: had a block
};
constinit std::atomic<leaf*> root[std::size_t{1} << root_bits]{};

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

// Null: no described block starts there.
description* description_of(const void* block) {
  const auto a = reinterpret_cast<std::uintptr_t>(block);
  if (a >> address_bits != 0) return nullptr;
  start_page* const p = existing_page(page_of(a));
  if (p == nullptr) return nullptr;
  description& d = p->of_block(a);
  constexpr std::uintptr_t unit = std::uintptr_t{1} << description::unit_bits;
  return d.is() != description::state::none && d.start(a & ~(unit - 1)) == a ? &d : nullptr;
}

// Of the block that the address may be in; 0: it is in none.
std::uintptr_t start_for(std::uintptr_t a) {
  const std::uintptr_t page = page_of(a);
  const leaf* const l = existing_leaf(page);
  if (l == nullptr) return 0;
  if (const start_page* const p = l->pages[in_leaf(page)].load(std::memory_order_acquire))
    if (const std::uintptr_t start = p->nearest_below(page << page_bits, a)) return start;
  return l->reached_by[in_leaf(page)].load(std::memory_order_acquire);
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
  first.note_start(a);
  first.of_block(a).set(a, size, maker);
  const std::uintptr_t last = page_of(a + std::max<std::size_t>(size, 1) - 1);
  for (std::uintptr_t page = page_of(a) + 1; page <= last; ++page) {
    leaf& l = leaf_for(page);
    l.reached_by[in_leaf(page)].store(a, std::memory_order_seq_cst);
    note_present(l, page);
  }
}

block_state described_size(const void* block, std::size_t& size) noexcept {
  const description* const d = description_of(block);
  if (d == nullptr) return block_state::foreign;
  size = d->size();
  return d->is() == description::state::freed ? block_state::freed : block_state::live;
}

bool mark_freed_block(void* block) noexcept {
  description& d = *description_of(block);
  if (d.is() == description::state::library) return false;
  d.become(description::state::freed);
  return true;
}

void forget_heap_block(const void* block) noexcept {
  const auto a = reinterpret_cast<std::uintptr_t>(block);
  if (description* const d = description_of(block)) d->clear();
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
         d->is() == description::state::freed,
         d->is() == description::state::library};
  return true;
}

void adopt_heap_block(const void* block) noexcept {
  description* const d = description_of(block);
  if (d == nullptr || d->is() != description::state::live) return;
  d->become(description::state::library);
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
