// SPDX-License-Identifier: Apache-2.0
#pragma once
// A worker's queue of runnable goroutines: a ring of 256 with one owner, who adds at the tail, and any number
// of takers at the head, plus the run-next slot for the goroutine that the owner just made ready. The
// protocol is Go's (runtime/proc.go: runqput, runqget, runqgrab).
//
// Why it is safe: slots between head and tail belong to whoever moves head over them. Only the owner writes
// slots, and only ones outside [head, tail); it publishes them by the release store of tail. A taker reads
// slots first and then claims them by a compare-exchange of head (release: the reads are over before the
// owner may see the new head and reuse the slots; the owner reads head with acquire). Head and tail wrap at
// 2^32; their difference is the length.
#include <array>
#include <atomic>
#include <cstdint>

#include "runtime/src/goroutine.h"

namespace snag::detail {

class run_queue {
 public:
  static constexpr std::uint32_t capacity = 256;
  static constexpr std::uint32_t crowd = 4;  // enough for two workers

  // --- The owner's.
  // False: full, nothing changed.
  bool push(goroutine& g) noexcept {
    const std::uint32_t tail = tail_.load(std::memory_order_relaxed);
    if (tail - head_.load(std::memory_order_acquire) == capacity) return false;
    slot(tail).store(&g, std::memory_order_relaxed);
    tail_.store(tail + 1, std::memory_order_release);
    return true;
  }
  // Makes g the next to run and answers whom it displaced, or null.
  goroutine* push_next(goroutine& g) noexcept { return next_.exchange(&g, std::memory_order_acq_rel); }
  goroutine* pop_next() noexcept {
    // Thieves only ever take it away: a plain look saves the exchange when there is none.
    if (next_.load(std::memory_order_relaxed) == nullptr) return nullptr;
    return next_.exchange(nullptr, std::memory_order_acq_rel);
  }
  goroutine* pop() noexcept {
    std::uint32_t head = head_.load(std::memory_order_acquire);
    for (;;) {
      if (head == tail_.load(std::memory_order_relaxed)) return nullptr;
      goroutine* g = slot(head).load(std::memory_order_relaxed);
      if (head_.compare_exchange_weak(head, head + 1, std::memory_order_release, std::memory_order_acquire)) {
        if (tail_.load(std::memory_order_relaxed) - head > crowd) prefetch_behind(head);
        return g;
      }
    }
  }
  // Takes the older half out, for the global queue: linked by queue_next, `count` of them. None if a thief
  // came first.
  goroutine* pop_half(std::uint32_t& count) noexcept {
    std::uint32_t head = head_.load(std::memory_order_acquire);
    count = (tail_.load(std::memory_order_relaxed) - head) / 2;
    std::array<goroutine*, capacity / 2> taken;
    for (std::uint32_t i = 0; i < count; ++i) taken[i] = slot(head + i).load(std::memory_order_relaxed);
    if (count == 0 || !head_.compare_exchange_strong(head, head + count, std::memory_order_release,
                                                     std::memory_order_relaxed)) {
      count = 0;
      return nullptr;
    }
    for (std::uint32_t i = 0; i < count; ++i) taken[i]->queue_next = i + 1 < count ? taken[i + 1] : nullptr;
    return taken[0];
  }

  // --- Anybody's.
  // Moves half of `victim`'s goroutines here (the caller owns this queue) and answers one of them to run;
  // null: none.
  goroutine* steal_from(run_queue& victim) noexcept {
    const std::uint32_t tail = tail_.load(std::memory_order_relaxed);
    for (;;) {
      std::uint32_t head = victim.head_.load(std::memory_order_acquire);
      const std::uint32_t length = victim.tail_.load(std::memory_order_acquire) - head;
      const std::uint32_t count = length - length / 2;
      if (length == 0) return nullptr;
      if (count > capacity / 2) continue;  // head and tail were not of one moment
      for (std::uint32_t i = 0; i < count; ++i)
        slot(tail + i).store(victim.slot(head + i).load(std::memory_order_relaxed),
                             std::memory_order_relaxed);
      if (!victim.head_.compare_exchange_strong(head, head + count, std::memory_order_acq_rel,
                                                std::memory_order_relaxed))
        continue;
      // The last one is run at once; the others become visible to thieves.
      goroutine* g = slot(tail + count - 1).load(std::memory_order_relaxed);
      if (count > 1) tail_.store(tail + count - 1, std::memory_order_release);
      return g;
    }
  }
  // What a thief sees, and whether it still stands later: others may have come behind it.
  struct view {
    goroutine* next = nullptr;
    std::uint32_t head = 0, length = 0;
    bool stands_in(const view& later) const noexcept {
      return next == later.next && head == later.head && (next != nullptr || length > 0);
    }
  };
  view look() const noexcept {
    const std::uint32_t head = head_.load(std::memory_order_acquire);
    return {next_.load(std::memory_order_acquire), head, tail_.load(std::memory_order_acquire) - head};
  }
  // Goroutines in the ring, up to a crowd, that were not just let go on by the unlocking of a lock.
  std::uint32_t waiting() const noexcept {
    std::uint32_t found = 0;
    for (std::uint32_t i = head_.load(std::memory_order_acquire),
                       tail = tail_.load(std::memory_order_acquire);
         i != tail && found < crowd; ++i) {
      // Perhaps it is gone by now; it is a goroutine all the same.
      const goroutine* const g = ring_[i % capacity].load(std::memory_order_relaxed);
      found += g != nullptr && !g->competes.load(std::memory_order_relaxed);
    }
    return found;
  }
  bool steal_next(goroutine* expected) noexcept {
    return next_.compare_exchange_strong(expected, nullptr, std::memory_order_acq_rel,
                                         std::memory_order_relaxed);
  }
  std::uint32_t size() const noexcept {
    const std::uint32_t head = head_.load(std::memory_order_acquire);
    return tail_.load(std::memory_order_acquire) - head;
  }
  // Exact as of some moment during the call: a goroutine kicked from run-next into the ring is never missed.
  bool empty() const noexcept {
    for (;;) {
      const std::uint32_t head = head_.load(std::memory_order_seq_cst);
      const std::uint32_t tail = tail_.load(std::memory_order_seq_cst);
      const goroutine* next = next_.load(std::memory_order_seq_cst);
      if (tail == tail_.load(std::memory_order_seq_cst)) return head == tail && next == nullptr;
    }
  }

 private:
  std::atomic<goroutine*>& slot(std::uint32_t i) noexcept { return ring_[i % capacity]; }
  // Where many take turns, each has been out of the caches since its last. While one runs, the blocks of the
  // next two are fetched. (Not what they point to: a thief may have them by now.)
  void prefetch_behind(std::uint32_t head) noexcept {
    constexpr std::size_t line = 64;
    for (std::uint32_t i = 1; i <= 2; ++i) {
      const auto* const g =
          reinterpret_cast<const std::byte*>(slot(head + i).load(std::memory_order_relaxed));
      for (std::size_t at = 0; at < sizeof(goroutine); at += line) __builtin_prefetch(g + at, 1);
    }
  }

  alignas(64) std::atomic<std::uint32_t> head_{0};  // takers
  alignas(64) std::atomic<std::uint32_t> tail_{0};  // the owner
  std::atomic<goroutine*> next_{nullptr};
  std::array<std::atomic<goroutine*>, capacity> ring_{};
};

}  // namespace snag::detail
