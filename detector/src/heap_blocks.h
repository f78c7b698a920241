// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which heap block an address lies in, how large it is, who allocated it and where.
//
// A block's description, 8 bytes, lies far from it: one place for each 32 bytes of the heap (glibc's
// smallest chunk), beside one bit for each 16 that says whether a described block starts there. Both are in
// pages of 1 MiB of program memory, found through a two-level table, of which only what is used is backed. So
// blocks lie where they would lie without us, as densely, and what overruns one destroys nothing of ours. An
// interior pointer finds its block by looking for the nearest set bit below, in its own page; a page whose
// first byte lies in a block that begins below knows that one's start. Rejected: a hash table of blocks (a
// lock and a probe on every malloc, no interior pointers), a header before the block (changes pointers,
// breaks on foreign blocks) and a trailer at its end (the nodes of a binary tree were half as large again,
// and each search of it a fifth slower).
//
// Costs: two cache lines of ours a malloc, one locked instruction each for malloc and free; at most a quarter
// of the heap, where all blocks are small. Thread-safe; look-ups read no memory of the program's.
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

// Keeps a freed block from being handed out again for a while, so that a later access to it meets the record
// of its end and not its next owner: the last 2,048 of at most 4 KiB each, 8 MiB at most. pre: live. False:
// too large. Else `released` is an older block, already forgotten, that must really be freed now; or null.
inline constexpr std::size_t quarantine_blocks = 2048, quarantine_block_size = 4096;
bool quarantine(void* block, std::size_t size, void*& released) noexcept;

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
