// SPDX-License-Identifier: Apache-2.0
#include "detector/src/access_set.h"

#include <bit>
#include <cstring>

#include "detector/src/record_store.h"

namespace snag::detector {

constinit access_sets sets;

namespace {

std::uint64_t hash_of(std::uint32_t left, std::uint32_t right) {
  std::uint64_t h = (std::uint64_t{left} << 32 | right) * 0x9e3779b97f4a7c15u;
  return h ^ h >> 29;
}

std::uint32_t branching_bit(std::uint32_t branch) { return branch & -branch; }
std::uint32_t prefix_above(std::uint32_t key, std::uint32_t bit) { return key & ~(bit | (bit - 1)); }

}  // namespace

bool access_sets::is_plain(record_id id) noexcept { return !is_atomic(records[id].kind()); }
bool access_sets::is_exclusive(record_id id) noexcept { return records[id].exclusive != 0; }

void access_sets::ensure_tables() noexcept {
  if (ready_.load(std::memory_order_acquire)) return;
  spin_guard guard(setup_);
  if (ready_.load(std::memory_order_relaxed)) return;
  nodes_ = static_cast<set_node*>(internal_reserve(std::size_t{max_sets} * sizeof(set_node)));
  marks_ = static_cast<std::uint64_t*>(internal_reserve(max_sets / 8 + 8));
  ready_.store(true, std::memory_order_release);
}

byte_mask access_sets::bytes_of(cell set, record_id record) const noexcept {
  const auto id = static_cast<std::uint32_t>(record);
  while (set.is_set()) {
    const set_node n = node(set);
    set = cell((id & branching_bit(n.branch)) != 0 ? n.right : n.left);
  }
  return !set.empty() && set.record() == record ? set.bytes() : 0;
}

byte_mask access_sets::bytes_of(cell set, std::uint32_t low, std::uint32_t count) const noexcept {
  if (count == 0) return 0;
  const std::uint32_t high = low + (count - 1);
  byte_mask found = 0;
  while (set.is_set()) {
    const set_node n = node(set);
    const std::uint32_t middle = n.branch, bit = branching_bit(n.branch);
    if (high < middle - bit || low > middle + (bit - 1)) return found;
    if (high < middle) {  // (keys on the right are from `middle` on)
      set = cell(n.left);
    } else if (low >= middle) {
      set = cell(n.right);
    } else {
      found |= bytes_of(cell(n.left), low, count);
      if (found == all_bytes) return found;
      set = cell(n.right);
    }
  }
  return !set.empty() && set.id() - low < count ? found | set.bytes() : found;
}

cell access_sets::add(cell set, record_id record, byte_mask bytes) noexcept {
  if (set.empty()) return cell(record, bytes);
  const auto id = static_cast<std::uint32_t>(record);
  if (!set.is_set()) {
    if (set.record() == record) return cell(record, set.bytes() | bytes);
    const cell result = join(set, cell(record, bytes));
    return result.empty() ? set : result;
  }
  const set_node n = node(set);
  const std::uint32_t bit = branching_bit(n.branch);
  if (prefix_above(id, bit) != prefix_above(n.branch, bit)) {
    const cell result = join(set, cell(record, bytes));
    return result.empty() ? set : result;
  }
  const bool right = (id & bit) != 0;
  const cell old = cell(right ? n.right : n.left);
  const cell changed = add(old, record, bytes);
  if (changed == old) return set;
  const cell result = right ? make(cell(n.left), changed, n.branch) : make(changed, cell(n.right), n.branch);
  return result.empty() ? set : result;
}

cell access_sets::join(cell a, cell b) noexcept {
  const std::uint32_t ka = key(a), kb = key(b);
  const std::uint32_t bit = std::bit_floor(ka ^ kb);
  const std::uint32_t branch = prefix_above(ka, bit) | bit;
  return (ka & bit) != 0 ? make(b, a, branch) : make(a, b, branch);
}

// Empty: no id was left.
cell access_sets::make(cell left, cell right, std::uint32_t branch) noexcept {
  ensure_tables();
  const std::uint64_t hash = hash_of(left.bits(), right.bits());
  shard& s = shards_[hash >> 58];
  spin_guard guard(s.lock);
  if (2 * (s.used + 1) > s.capacity) grow(s);
  std::uint32_t i = static_cast<std::uint32_t>(hash) & (s.capacity - 1);
  for (; s.table[i] != 0; i = (i + 1) & (s.capacity - 1)) {
    const set_node& n = at(s.table[i]);
    if (n.left == left.bits() && n.right == right.bits()) return cell(s.table[i]);
  }
  const std::uint32_t id = take_id(s);
  if (id == 0) {
    lost_.fetch_add(1, std::memory_order_relaxed);
    return cell();
  }
  at(id) = {left.bits(),
            right.bits(),
            branch,
            size(left) + size(right),
            has_exclusive(left) || has_exclusive(right),
            has_plain(left) || has_plain(right),
            has_atomic(left) || has_atomic(right)};
  s.table[i] = id;
  if (++s.used % counted_at_once == 0) live_.fetch_add(counted_at_once, std::memory_order_relaxed);
  return cell(id);
}

std::uint32_t access_sets::take_id(shard& s) noexcept {
  if (s.free != 0) {
    const std::uint32_t id = s.free;
    s.free = at(id).left;
    return id;
  }
  if (s.next == s.end) {
    std::uint32_t begin = next_.load(std::memory_order_relaxed);
    do {
      if (begin + run_length > max_sets) return 0;
    } while (!next_.compare_exchange_weak(begin, begin + run_length, std::memory_order_relaxed));
    s.next = hooks::first_set_id + begin;
    s.end = s.next + run_length;
  }
  return s.next++;
}

void access_sets::insert(shard& s, std::uint32_t id) noexcept {
  const set_node& n = at(id);
  std::uint32_t i = static_cast<std::uint32_t>(hash_of(n.left, n.right)) & (s.capacity - 1);
  while (s.table[i] != 0) i = (i + 1) & (s.capacity - 1);
  s.table[i] = id;
}

void access_sets::grow(shard& s) noexcept {
  std::uint32_t* const old = s.table;
  const std::uint32_t old_capacity = s.capacity;
  s.capacity = old_capacity == 0 ? 64 : 2 * old_capacity;
  s.table = internal_allocator<std::uint32_t>().allocate(s.capacity);
  std::memset(s.table, 0, s.capacity * sizeof(std::uint32_t));
  for (std::uint32_t i = 0; i < old_capacity; ++i)
    if (old[i] != 0) insert(s, old[i]);
  if (old) internal_allocator<std::uint32_t>().deallocate(old, old_capacity);
}

bool access_sets::set_mark(std::uint32_t id) noexcept {
  const std::uint32_t i = id - hooks::first_set_id;
  const std::uint64_t bit = std::uint64_t{1} << (i % 64);
  if (marks_[i / 64] & bit) return false;
  marks_[i / 64] |= bit;
  return true;
}

std::uint32_t access_sets::live_nodes() noexcept {
  std::uint32_t sum = 0;
  for (shard& s : shards_) {
    spin_guard guard(s.lock);
    sum += s.used;
  }
  return sum;
}

void access_sets::begin_marking() noexcept {
  ensure_tables();
  std::memset(marks_, 0, next_.load(std::memory_order_relaxed) / 8 + 8);
}

void access_sets::reclaim_unmarked() noexcept {
  std::uint32_t live = 0;
  for (shard& s : shards_) {
    spin_guard guard(s.lock);
    // Deleting from open addressing one by one would cost more than building the table again.
    std::uint32_t* const old = s.table;
    const std::uint32_t old_capacity = s.capacity;
    std::uint32_t kept = 0;
    auto survives = [&](std::uint32_t id) {
      const std::uint32_t i = id - hooks::first_set_id;
      return (marks_[i / 64] >> (i % 64) & 1) != 0;
    };
    for (std::uint32_t i = 0; i < old_capacity; ++i)
      if (old[i] != 0 && survives(old[i])) ++kept;
    // What a sweep leaves will be as many again before the next one: small tables stay as large as they were.
    constexpr std::uint32_t small = 4096;
    s.capacity = std::max(std::bit_ceil(4 * kept), std::min(old_capacity, small));
    s.table = nullptr;
    if (s.capacity != 0) {
      s.table = internal_allocator<std::uint32_t>().allocate(s.capacity);
      std::memset(s.table, 0, s.capacity * sizeof(std::uint32_t));
    }
    s.used = kept;
    for (std::uint32_t i = 0; i < old_capacity; ++i) {
      if (old[i] == 0) continue;
      if (survives(old[i])) {
        insert(s, old[i]);
      } else {
        at(old[i]) = {s.free, 0, 0, 0, 0, 0, 0};
        s.free = old[i];
      }
    }
    if (old) internal_allocator<std::uint32_t>().deallocate(old, old_capacity);
    live += kept;
  }
  live_.store(live, std::memory_order_relaxed);
}

bool access_sets::check_invariants(cell set) const noexcept {
  if (set.empty() || !set.is_set()) return true;
  const set_node n = node(set);
  const std::uint32_t bit = branching_bit(n.branch);
  const cell left(n.left), right(n.right);
  bool sound = !left.empty() && !right.empty() && n.count == size(left) + size(right);
  auto belongs = [&](cell c, bool high) {
    bool all = true;
    for_each(c, [&](record_id r, byte_mask b) {
      const auto id = static_cast<std::uint32_t>(r);
      all =
          all && b != 0 && ((id & bit) != 0) == high && prefix_above(id, bit) == prefix_above(n.branch, bit);
    });
    return all;
  };
  sound = sound && belongs(left, false) && belongs(right, true);
  return sound && check_invariants(left) && check_invariants(right);
}

}  // namespace snag::detector
