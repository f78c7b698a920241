// SPDX-License-Identifier: Apache-2.0
#include "detector/src/thread_owned.h"

#include <sys/uio.h>
#include <unistd.h>

#include <cxxabi.h>
#include <algorithm>

#include "detector/src/heap_blocks.h"
#include "detector/src/thread_locals.h"

namespace snag::detector {
namespace {

constexpr std::size_t most_blocks = 4096;

// Memory that may be unmapped under our eyes, by whoever frees a block. False: it was.
bool read_safely(std::uint64_t from, void* to, std::size_t bytes) {
  const iovec here{to, bytes}, there{reinterpret_cast<void*>(from), bytes};
  return process_vm_readv(getpid(), &here, 1, &there, 1, 0) == static_cast<ssize_t>(bytes);
}

// The runtime's own blocks lead to every goroutine there is.
bool is_the_programs(const heap_block& b) {
  return b.site != nullptr && (b.site->flags & hooks::site_calls_runtime) == 0 && !b.freed;
}

// Itanium C++ ABI, 2.2.2: a pointer and an unsigned. What the goroutine catches hangs on it, and may be
// shared (std::exception_ptr).
constexpr std::uint64_t exception_globals_size = 16;

}  // namespace

void thread_owned_heap::scan(std::uint64_t low, std::uint64_t high) noexcept {
  std::uint64_t words[64];
  for (low = (low + 7) & ~std::uint64_t{7}; low + 8 <= high;) {
    const std::size_t bytes = std::min<std::size_t>(sizeof words, (high - low) & ~std::uint64_t{7});
    if (!read_safely(low, words, bytes)) return;
    low += bytes;
    for (std::size_t i = 0; i < bytes / 8; ++i) {
      heap_block b;
      if (!find_heap_block(reinterpret_cast<const void*>(words[i]), b) || !is_the_programs(b)) continue;
      const auto begin = reinterpret_cast<std::uint64_t>(b.begin);
      if (known_.try_emplace(begin, true).second) blocks_.push_back({begin, begin + b.size});
    }
  }
}

bool thread_owned_heap::holds(std::uint64_t address, std::uint32_t turn) noexcept {
  if (thread_ != __builtin_thread_pointer() || turn_ != turn) {
    thread_ = __builtin_thread_pointer();
    turn_ = turn;
    blocks_.clear();
    known_.clear();
    visit_thread_locals(
        [](void* self, std::uint64_t low, std::uint64_t high) {
          const auto skipped = reinterpret_cast<std::uint64_t>(abi::__cxa_get_globals());
          static_cast<thread_owned_heap*>(self)->scan(low, std::min(high, skipped));
          static_cast<thread_owned_heap*>(self)->scan(std::max(low, skipped + exception_globals_size), high);
        },
        this);
    for (std::size_t i = 0; i < blocks_.size() && blocks_.size() < most_blocks; ++i) {
      const block b = blocks_[i];
      scan(b.begin, b.end);
    }
  }
  heap_block b;
  return !blocks_.empty() && find_heap_block(reinterpret_cast<const void*>(address), b) &&
         known_.contains(reinterpret_cast<std::uint64_t>(b.begin));
}

}  // namespace snag::detector
