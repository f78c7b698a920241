// SPDX-License-Identifier: Apache-2.0
#pragma once
// Calling contexts: interned chains of calls. A context is a number; its node names the innermost call and
// the context of the function that makes it, so equal chains are equal numbers and a record keeps a whole
// stack in 4 bytes, for ever. Chains that recurse are folded by function: the third activation of a function
// replaces everything since the second, so quicksort makes a dozen contexts, not millions; the node says so.
// Thread-safe; what is known is found without a lock. Contexts are never reclaimed: their number is bounded
// by the program's text.
#include <atomic>
#include <cstdint>

#include "detector/src/race.h"
#include "detector/src/site_registry.h"
#include "detector/src/spin_lock.h"

namespace snag::detector {

class context_tree {
 public:
  static constexpr unsigned rounds = 2;  // activations of one function that a chain keeps

  // The context of a function called at `call` by the function whose context is `parent`.
  context_id intern(context_id parent, site_id call) noexcept {
    const context_id known = find(parent, static_cast<std::uint32_t>(call));
    return known != context_id::root ? known : intern_new(parent, call);
  }

  site_id call(context_id c) const noexcept { return nodes_[static_cast<std::uint32_t>(c)].call; }
  context_id parent(context_id c) const noexcept { return nodes_[static_cast<std::uint32_t>(c)].parent; }
  bool folded(context_id c) const noexcept { return nodes_[static_cast<std::uint32_t>(c)].folded; }
  // Whether such a context was made (or is none yet): of a number that may be anything.
  bool knows(std::uint64_t number) const noexcept { return number < next_.load(std::memory_order_relaxed); }
  std::uint32_t size() const noexcept { return next_.load(std::memory_order_relaxed) - 1; }
  std::size_t node_bytes() const noexcept { return size() * sizeof(node); }
  std::size_t bytes() noexcept;  // with the tables that find them

 private:
  struct node {
    context_id parent = context_id::root;
    site_id call = site_id::none;
    bool folded = false;  // calls were left out between this one and the next towards main
  };
  struct entry {
    context_id parent;
    std::uint32_t call;              // site, top bit: folded
    std::atomic<context_id> result;  // root: free; stored last
  };
  // Open addressing. One that became too small is left to those who look into it still: half of the next.
  struct table {
    std::uint32_t capacity = 0;
    entry* entries = nullptr;
    entry& at(std::uint64_t hash) const noexcept { return entries[hash & (capacity - 1)]; }
    // The entry of that call, or the free one where it belongs.
    entry& place_of(std::uint64_t hash, context_id parent, std::uint32_t call) const noexcept {
      for (;; ++hash) {
        entry& e = at(hash);
        const bool free = e.result.load(std::memory_order_acquire) == context_id::root;
        if (free || (e.parent == parent && e.call == call)) return e;
      }
    }
  };
  struct alignas(64) shard {
    spin_lock lock;
    std::uint32_t used SNAG_DETECTOR_GUARDED_BY(lock) = 0;
    std::atomic<table*> current{nullptr};  // changed under the lock
  };
  static constexpr std::uint32_t shard_count = 16;
  static constexpr std::uint32_t capacity = 1u << 28;

  static std::uint64_t hash(context_id parent, std::uint32_t call) noexcept {
    const std::uint64_t h =
        (std::uint64_t{static_cast<std::uint32_t>(parent)} << 32 | call) * 0x9e3779b97f4a7c15u;
    return h ^ h >> 32;
  }
  context_id find(context_id parent, std::uint32_t call) noexcept {
    const std::uint64_t h = hash(parent, call);
    const table* const t = shards_[h >> 60].current.load(std::memory_order_acquire);
    return t == nullptr ? context_id::root
                        : t->place_of(h, parent, call).result.load(std::memory_order_relaxed);
  }
  context_id intern_new(context_id parent, site_id call) noexcept;
  context_id remember(context_id parent, std::uint32_t call, context_id result) noexcept;
  context_id make(context_id parent, site_id call, bool folded) noexcept;
  static void grow(shard& s) noexcept SNAG_DETECTOR_REQUIRES(s.lock);

  std::atomic<bool> ready_{false};
  spin_lock setup_;
  node* nodes_ = nullptr;
  std::atomic<std::uint32_t> next_{1};
  shard shards_[shard_count];
};

extern context_tree contexts;

}  // namespace snag::detector
