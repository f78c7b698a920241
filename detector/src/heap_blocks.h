// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which heap block an address lies in, how large it is, who allocated it and where.
//
// A block's description, 8 bytes, lies far from it: one place for each 32 bytes of the heap (glibc's
// smallest chunk), in pages for 1 MiB of program memory, found through a two-level table, of which only what
// is used is backed. So blocks lie where they would lie without us, as densely, and what overruns one
// destroys nothing of ours. An interior pointer finds its block by looking for the nearest description below,
// in its own page, over stretches of 1 KiB in which none ever stood; a page whose first byte lies in a block
// that begins below knows that one's start. Rejected: a hash table of blocks (a lock and a probe on every
// malloc, no interior pointers), a header before the block (changes pointers, breaks on foreign blocks), a
// trailer at its end (the nodes of a binary tree were half as large again, and each search of it a fifth
// slower) and a bit for each 16 bytes (a locked instruction, which waits for all that was written of the
// block before).
//
// Costs: one or two cache lines of ours a malloc; at most a quarter of the heap, where all blocks are small.
// Thread-safe, as far as who allocates and frees a block is one; look-ups read no memory of the program's.
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "detector/src/race.h"

namespace snag::detector {

struct heap_block {
  const void* begin = nullptr;
  std::size_t size = 0;
  events::goroutine_id owner = events::goroutine_id::none;  // who allocated it
  const hooks::site* site = nullptr;                        // null: uninstrumented code
  context_id context = context_id::root;
  bool freed = false;    // in quarantine
  bool library = false;  // adopted
};

// pre: block came from glibc's allocator, for at least `size` bytes.
void describe_heap_block(void* block, std::size_t size, block_maker) noexcept;
enum class block_state : unsigned char { foreign, live, freed };
// foreign: not a described block. Else also its size, as it was asked for.
block_state described_size(const void* block, std::size_t& size) noexcept;

// A block that is kept although it was freed (quarantine.h). pre: live or a library's. False: a library's.
bool mark_freed_block(void* block) noexcept;

// From now on the block is a library's own, which synchronises what it does with it unseen: what is known of
// accesses to it is forgotten, and functions that stand before a library's do not check it any more. Nothing
// happens if `block` is not the start of a described one.
void adopt_heap_block(const void* block) noexcept;
// False at the cost of a load as long as nothing was adopted.
extern std::atomic<bool> any_adopted;
bool is_adopted(const void* address) noexcept;
inline bool library_owns(const void* address) noexcept {
  return any_adopted.load(std::memory_order_acquire) && is_adopted(address);
}

// Must precede the real free. After it the block has no description.
void forget_heap_block(const void* block) noexcept;
// Interior pointers find their block. Reports only.
bool find_heap_block(const void* address, heap_block& out) noexcept;

// Address space outside of which no described block lies, or has ever lain.
void described_heap(std::uintptr_t& low, std::uintptr_t& high) noexcept;

// What malloc_usable_size would say without us.
std::size_t glibc_usable_size(const void* block) noexcept;

}  // namespace snag::detector
