// SPDX-License-Identifier: Apache-2.0
#pragma once
// Every goroutine's control block: allocation, ids, and the list that a dump walks. Blocks come from slabs
// that are never unmapped, so a walk may race with ends and starts and still read only goroutines.
// Thread-safe; workers keep small caches of free blocks on top.
#include <cstddef>

#include "runtime/src/goroutine.h"
#include "runtime/src/spin_mutex.h"

namespace snag::detail {

class goroutine_table {
 public:
  static goroutine_table& instance() noexcept { return the_table; }

  // A block as if newly constructed, alive and without an id.
  goroutine* allocate() noexcept;
  // Takes up to `count` free blocks at once, linked by queue_next; they still have to be revive()d.
  goroutine* allocate_batch(std::size_t count) noexcept;
  static goroutine* revive(goroutine*) noexcept;
  // Ends a goroutine's life; the block stays readable.
  static void retire(goroutine&) noexcept;
  void release(goroutine*) noexcept;
  void release_batch(goroutine* first, goroutine* last) noexcept;

  void lock_for_fork() noexcept SNAG_NO_THREAD_SAFETY_ANALYSIS { mutex_.lock(); }
  void unlock_after_fork() noexcept SNAG_NO_THREAD_SAFETY_ANALYSIS { mutex_.unlock(); }

  // `count` consecutive ids, the first of which is returned; workers take some at a time. 1 is kept for the
  // main goroutine or thread.
  static std::uint64_t take_ids(std::uint64_t count) noexcept;

  // Calls visit for each living goroutine and proxy, in order of creation of the blocks.
  template <class Visit>
  void for_each_alive(Visit visit) const {
    for (slab* s = slabs_.load(std::memory_order_acquire); s != nullptr; s = s->next)
      for (std::size_t i = 0; i < slab::size; ++i)
        if (goroutine* g = s->block(i); g->alive.load(std::memory_order_acquire)) visit(*g);
  }

 private:
  friend struct debug_access;  // debug_layout.cpp
  static goroutine_table the_table;

  struct slab {
    static constexpr std::size_t size = 372;  // what 64 KiB hold
    slab* next;
    alignas(goroutine) std::byte storage[size * sizeof(goroutine)];
    goroutine* block(std::size_t i) noexcept {
      return reinterpret_cast<goroutine*>(storage + i * sizeof(goroutine));
    }
  };
  static_assert(sizeof(slab) <= 64 << 10 && sizeof(slab) + sizeof(goroutine) > 64 << 10);
  void add_slab() noexcept SNAG_REQUIRES(mutex_);

  spin_mutex mutex_;
  goroutine* free_ SNAG_GUARDED_BY(mutex_) = nullptr;
  std::atomic<slab*> slabs_{nullptr};
};

}  // namespace snag::detail
