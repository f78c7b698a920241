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

std::uint64_t context_tree::hash(context_id parent, std::uint32_t call) noexcept {
  const std::uint64_t h =
      (std::uint64_t{static_cast<std::uint32_t>(parent)} << 32 | call) * 0x9e3779b97f4a7c15u;
  return h ^ h >> 32;
}

void context_tree::grow(shard& s) noexcept {
  entry* const old = s.table;
  const std::uint32_t old_capacity = s.capacity;
  s.capacity = old_capacity == 0 ? 64 : 2 * old_capacity;
  s.table = internal_allocator<entry>().allocate(s.capacity);
  std::memset(static_cast<void*>(s.table), 0, s.capacity * sizeof(entry));
  for (std::uint32_t i = 0; i < old_capacity; ++i) {
    if (old[i].result == context_id::root) continue;
    std::uint32_t k = static_cast<std::uint32_t>(hash(old[i].parent, old[i].call)) & (s.capacity - 1);
    while (s.table[k].result != context_id::root) k = (k + 1) & (s.capacity - 1);
    s.table[k] = old[i];
  }
  if (old) internal_allocator<entry>().deallocate(old, old_capacity);
}

std::size_t context_tree::bytes() noexcept {
  std::size_t sum = node_bytes();
  for (shard& s : shards_) {
    spin_guard guard(s.lock);
    sum += s.capacity * sizeof(entry);
  }
  return sum;
}

context_id context_tree::find(context_id parent, std::uint32_t call) noexcept {
  const std::uint64_t h = hash(parent, call);
  shard& s = shards_[h >> 60];
  spin_guard guard(s.lock);
  if (s.capacity == 0) return context_id::root;
  for (std::uint32_t i = static_cast<std::uint32_t>(h) & (s.capacity - 1);; i = (i + 1) & (s.capacity - 1)) {
    const entry& e = s.table[i];
    if (e.result == context_id::root || (e.parent == parent && e.call == call)) return e.result;
  }
}

// What stands in the table in the end: another thread's answer if it came first.
context_id context_tree::remember(context_id parent, std::uint32_t call, context_id result) noexcept {
  const std::uint64_t h = hash(parent, call);
  shard& s = shards_[h >> 60];
  spin_guard guard(s.lock);
  if (2 * (s.used + 1) > s.capacity) grow(s);
  std::uint32_t i = static_cast<std::uint32_t>(h) & (s.capacity - 1);
  for (; s.table[i].result != context_id::root; i = (i + 1) & (s.capacity - 1))
    if (s.table[i].parent == parent && s.table[i].call == call) return s.table[i].result;
  s.table[i] = {parent, call, result};
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

context_id context_tree::intern(context_id parent, site_id call) noexcept {
  if (!ready_.load(std::memory_order_acquire)) {
    spin_guard guard(setup_);
    if (!nodes_) nodes_ = static_cast<node*>(internal_reserve(capacity * sizeof(node)));
    ready_.store(true, std::memory_order_release);
  }
  const auto key = static_cast<std::uint32_t>(call);
  if (const context_id known = find(parent, key); known != context_id::root) return known;
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
  return remember(parent, key, result);
}

}  // namespace snag::detector
