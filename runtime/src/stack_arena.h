// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where goroutine stacks live: reserved address space in few, huge mappings, committed page by page as it is
// touched, so a stack starts at one page and grows. Each stack has guard pages at its low end.
//
// Address space is free, but a stack that is touched costs a share of a page of page tables, which map 2 MiB:
// 4 KiB a stack if stacks lie 64 MiB apart, 96 bytes at 48 KiB. So the default depends on how many there are:
// the first 1,024 have room for whatever main could do (std::regex takes 15 MiB for 10 kB of text in an
// instrumented program), the next 8,192 have 256 KiB, and all further ones 48 KiB. Guards are made with
// MADV_GUARD_INSTALL (Linux 6.13), which needs no mapping of its own; mprotect would cost two of the 65,530 a
// process may have. Where it is missing: mprotect for the first stacks, then none but a canary; the step down
// is said once on stderr. Transparent huge pages are refused: with them one touched page would commit 2 MiB.
//
// Freed stacks are pooled, last in first out, still committed; trim() gives cold ones back in bulk.
// Thread-safe. Workers keep small caches of their own on top (stack_cache).
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "runtime/events.h"
#include "runtime/src/sanitizer.h"
#include "runtime/src/spin_mutex.h"

namespace snag::detail {

// One stack. Usable addresses are [low, high); the guard lies below low. Empty: both null.
struct stack_block {
  std::byte* low = nullptr;
  std::byte* high = nullptr;

  explicit operator bool() const noexcept { return high != nullptr; }
  events::stack_bounds bounds() const noexcept { return {low, high}; }
};

class stack_arena {
 public:
  static constexpr std::size_t guard_size = 16 << 10;
  static constexpr std::size_t smallest_size = 48 << 10;  // reserve, guard included
  // Every default stack has at least so much to use.
  static constexpr std::size_t smallest_usable = smallest_size - guard_size;
  static constexpr std::size_t maximum_size = std::size_t{1} << 34;

  enum class guard_kind : std::uint8_t { madvise, mprotect, canary };

  static stack_arena& instance() noexcept;

  // A stack with at least `bytes` usable bytes; 0: the default. Ends the program when there is no memory.
  stack_block allocate(std::size_t bytes) noexcept;
  void release(stack_block) noexcept;
  static bool is_default(const stack_block&) noexcept;  // allocate(0) may have given it
  // Up to `count` default stacks, for a worker's cache; at least one.
  std::size_t allocate_batch(stack_block* out, std::size_t count) noexcept;
  void release_batch(const stack_block* stacks, std::size_t count) noexcept;

  // Gives back the memory of pooled stacks that nobody used since the previous call.
  void trim() noexcept;

  // The usable bounds of the stack whose reserve (guard included) holds `address`; empty if none does.
  // Async-signal-safe.
  stack_block find(const void* address) const noexcept;
  // False: somebody wrote below the stack. Always true for stacks with a real guard. A frame of more than
  // a page may jump over the canary.
  bool intact(const stack_block&) const noexcept;

  void lock_for_fork() noexcept SNAG_NO_THREAD_SAFETY_ANALYSIS { mutex_.lock(); }
  void unlock_after_fork() noexcept SNAG_NO_THREAD_SAFETY_ANALYSIS { mutex_.unlock(); }

  guard_kind guards() const noexcept { return guards_.load(std::memory_order_relaxed); }
  std::size_t pooled() const noexcept;  // stacks in the pool, committed or not

  // For tests: a private arena, optionally pretending that better kinds of guard are missing.
  explicit stack_arena(guard_kind best = guard_kind::madvise, std::size_t mprotect_limit = 8'000,
                       bool quiet = false) noexcept
      : guards_(best), mprotect_left_(mprotect_limit), quiet_(quiet) {}
  ~stack_arena();
  stack_arena(const stack_arena&) = delete;

 private:
  static constexpr unsigned classes = 19;  // class 0: smallest_size; class k: 64 KiB << k
  static constexpr unsigned default_classes[] = {10, 2, 0};
  struct tier {
    unsigned index;    // size class
    std::size_t most;  // stacks
    std::size_t made = 0;
  };
  static constexpr std::size_t maximum_regions = 64;

  // A reserved range of address space. Chunks are handed to size classes from the front.
  struct chunk {
    std::uint32_t first = 0;      // where its block starts: blocks may span chunks
    std::uint8_t class_mark = 0;  // size class + 1; 0: not handed out
    bool bare = false;            // its stacks have a canary in place of a guard
  };
  struct region {
    std::byte* base = nullptr;
    std::size_t size = 0;  // chunks
    std::size_t used = 0;
    chunk* chunks = nullptr;
  };
  struct size_class {
    std::vector<stack_block> dirty;  // committed; the most recently used at the back
    std::vector<stack_block> clean;  // given back, or never touched
    std::size_t low_water = 0;       // fewest dirty ones since the last trim
    std::byte* fresh = nullptr;      // [fresh, fresh_end): the chunk being carved
    std::byte* fresh_end = nullptr;
  };

  stack_block take_default() noexcept SNAG_REQUIRES(mutex_);
  stack_block reuse(unsigned index) noexcept SNAG_REQUIRES(mutex_);
  stack_block carve(unsigned index) noexcept SNAG_REQUIRES(mutex_);
  stack_block carve_bare(unsigned index) noexcept SNAG_REQUIRES(mutex_);  // without a guard
  bool prepare(const stack_block* stacks, std::size_t count) const noexcept;
  std::byte* take_chunks(std::size_t count, unsigned index) noexcept SNAG_REQUIRES(mutex_);
  bool reserve(std::size_t at_least_chunks) noexcept SNAG_REQUIRES(mutex_);
  void protect(std::byte* block) noexcept SNAG_REQUIRES(mutex_);
  void degrade(guard_kind to, int error) noexcept SNAG_REQUIRES(mutex_);
  const chunk* chunk_of(const std::byte* address, std::byte*& block) const noexcept;
  static unsigned class_of(std::size_t usable_bytes) noexcept;
  static unsigned class_of(const stack_block&) noexcept;

  mutable spin_mutex mutex_;
  region regions_[maximum_regions];
  std::atomic<std::size_t> region_count_{0};
  size_class pools_[classes] SNAG_GUARDED_BY(mutex_);
  tier tiers_[3] SNAG_GUARDED_BY(mutex_) = {{default_classes[0], 1'024},
                                            {default_classes[1], sanitized ? SIZE_MAX : 8'192},
                                            {default_classes[2], SIZE_MAX}};
  std::atomic<guard_kind> guards_;
  std::size_t mprotect_left_ SNAG_GUARDED_BY(mutex_);
  const bool quiet_;
};

}  // namespace snag::detail
