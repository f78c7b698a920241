// SPDX-License-Identifier: Apache-2.0
#include "detector/src/context_tree.h"

#include <cstring>

#include "detector/src/internal_memory.h"

namespace snag::detector {

constinit context_tree contexts;

namespace {

constexpr std::uint32_t folded_bit = 1u << 31;

bool same_function(const hooks::site* a, const hooks::site* b) {
  if (!a || !b) return false;
  if (a->size != 0 && b->size != 0 && a->size != b->size) return false;  // instances of one template
  const char* fa = physical_function(*a);
  const char* fb = physical_function(*b);
  return fa && fb && (fa == fb || std::strcmp(fa, fb) == 0);
}

}  // namespace

void context_tree::grow(shard& s) noexcept {
  const table* const old = s.current.load(std::memory_order_relaxed);
  auto* const larger = internal_new<table>();
  larger->capacity = old == nullptr ? 64 : 2 * old->capacity;
  larger->entries = internal_allocator<entry>().allocate(larger->capacity);
  std::memset(static_cast<void*>(larger->entries), 0, larger->capacity * sizeof(entry));
  for (std::uint32_t i = 0; old != nullptr && i < old->capacity; ++i) {
    const entry& e = old->entries[i];
    const context_id result = e.result.load(std::memory_order_relaxed);
    if (result == context_id::root) continue;
    entry& there = larger->place_of(hash(e.parent, e.call), e.parent, e.call);
    there.parent = e.parent;
    there.call = e.call;
    there.result.store(result, std::memory_order_relaxed);
  }
  s.current.store(larger, std::memory_order_release);
}

std::size_t context_tree::bytes() noexcept {
  std::size_t sum = node_bytes();
  for (shard& s : shards_)
    if (const table* const t = s.current.load(std::memory_order_acquire))
      sum += 2 * t->capacity * sizeof(entry);  // with all that were smaller
  return sum;
}

// What stands in the table in the end: another thread's answer if it came first.
context_id context_tree::remember(context_id parent, std::uint32_t call, context_id result) noexcept {
  const std::uint64_t h = hash(parent, call);
  shard& s = shards_[h >> 60];
  spin_guard guard(s.lock);
  const table* const t = s.current.load(std::memory_order_relaxed);
  if (t == nullptr || 2 * (s.used + 1) > t->capacity) grow(s);
  entry& e = s.current.load(std::memory_order_relaxed)->place_of(h, parent, call);
  if (const context_id known = e.result.load(std::memory_order_relaxed); known != context_id::root)
    return known;
  e.parent = parent;
  e.call = call;
  e.result.store(result, std::memory_order_release);
  ++s.used;
  return result;
}

context_id context_tree::make(context_id parent, site_id call, bool folded) noexcept {
  const std::uint32_t key = static_cast<std::uint32_t>(call) | (folded ? folded_bit : 0);
  if (const context_id known = find(parent, key); folded && known != context_id::root) return known;
  const std::uint32_t id = next_.fetch_add(1, std::memory_order_relaxed);
  if (id >= capacity) internal_fatal("more than 2^28 calling contexts in one process");
  nodes_[id] = {parent, call, folded};
  return folded ? remember(parent, key, context_id{id}) : context_id{id};
}

context_id context_tree::intern_new(context_id parent, site_id call) noexcept {
  if (!ready_.load(std::memory_order_acquire)) {
    spin_guard guard(setup_);
    if (!nodes_) nodes_ = static_cast<node*>(internal_reserve(capacity * sizeof(node)));
    ready_.store(true, std::memory_order_release);
  }
  // First time: does the calling function stand in the chain often enough already?
  unsigned seen = 0;
  context_id innermost = context_id::root;
  const hooks::site* const here = sites[call];
  for (context_id c = parent; c != context_id::root; c = this->parent(c)) {
    if (!same_function(here, sites[this->call(c)])) continue;
    if (seen++ == 0) innermost = c;
  }
  const context_id result =
      seen < rounds ? make(parent, call, false) : make(this->parent(innermost), call, true);
  return remember(parent, static_cast<std::uint32_t>(call), result);
}

}  // namespace snag::detector
