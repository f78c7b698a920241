// SPDX-License-Identifier: Apache-2.0
#include "detector/src/liveness/memory_map.h"

#include <algorithm>

#include "detector/src/heap_blocks.h"
#include "detector/src/liveness/root_memory.h"

namespace snag::detector {
namespace {

std::uintptr_t at(const std::byte* p) { return reinterpret_cast<std::uintptr_t>(p); }

}  // namespace

void memory_map::add_root(events::memory_span further) {
  further_roots_.push_back({at(further.low), at(further.high)});
}

void memory_map::add_party(events::actor_memory m, events::memory_span locals, events::memory_span control) {
  const region_index r{region_count()};
  region added;
  added.parts[0] = {at(m.stack.low), at(m.stack.high)};
  added.parts[1] = {at(m.closure.low), at(m.closure.high)};
  added.parts[2] = {at(locals.low), at(locals.high)};
  added.parts[3] = {at(control.low), at(control.high)};
  regions_.push_back(added);
  if (!m.stack.empty())
    ranges_.push_back({at(m.users_part != nullptr ? m.users_part : m.stack.low), at(m.stack.high), r});
  if (!locals.empty()) ranges_.push_back({at(locals.low), at(locals.high), r});
  if (!m.closure.empty()) ranges_.push_back({at(m.closure.low), at(m.closure.high), r});
}

region_index memory_map::add_name(std::uint64_t address) {
  const region_index r{region_count()};
  regions_.push_back({});
  ranges_.push_back({address, address + 1, r});
  return r;
}

void memory_map::parties_added() {
  described_heap(lowest_, highest_);
  for (const range& r : ranges_) {
    lowest_ = std::min(lowest_, r.low);
    highest_ = std::max(highest_, r.high);
  }
  std::sort(ranges_.begin(), ranges_.end(), [](const range& a, const range& b) { return a.low < b.low; });
}

void memory_map::expect_parties(std::size_t n) {
  regions_.reserve(n + 1);
  ranges_.reserve(2 * n);
}

const memory_map::range* memory_map::range_around(std::uintptr_t a) {
  if (recent_ != nullptr && a - recent_->low < recent_->high - recent_->low) return recent_;
  const auto after =
      std::upper_bound(ranges_.begin(), ranges_.end(), a, [](auto x, const range& r) { return x < r.low; });
  if (after == ranges_.begin()) return nullptr;
  const range& r = after[-1];
  return a < r.high ? recent_ = &r : nullptr;
}

region_index memory_map::place(const void* address) {
  const auto a = reinterpret_cast<std::uintptr_t>(address);
  if (const range* const r = range_around(a)) return r->of;
  heap_block block;
  if (!find_heap_block(address, block) || block.freed) return root;
  const auto begin = reinterpret_cast<std::uintptr_t>(block.begin);
  const auto [known, is_new] = blocks_.try_emplace(begin, region_index{region_count()});
  if (is_new) {
    region added;
    added.parts[0] = {begin, begin + block.size};
    regions_.push_back(added);
  }
  return known->second;
}

// Words are read as they are, whatever they belong to.
void memory_map::read(span s, vector<region_index>& out) {
  constexpr std::uintptr_t word = sizeof(std::uintptr_t);
  region_index last = root;
  for (std::uintptr_t a = (s.low + word - 1) & ~(word - 1); a + word <= s.high; a += word) {
    constexpr std::uintptr_t address_bits = (std::uintptr_t{1} << 48) - 1;
    const std::uintptr_t value = *reinterpret_cast<const std::uintptr_t*>(a) & address_bits;
    ++words_;
    if (value - lowest_ >= highest_ - lowest_) continue;
    const region_index r = place(reinterpret_cast<const void*>(value));
    if (r == root || r == last) continue;
    out.push_back(r);
    last = r;
  }
}

void memory_map::read_root(vector<region_index>& out) {
  complete_ = for_each_root([&](std::uintptr_t low, std::uintptr_t high) { read({low, high}, out); });
  for (const span& s : further_roots_) read(s, out);
}

void memory_map::visit(region_index from, vector<region_index>& out) {
  if (from == root) return read_root(out);
  const region r = regions_[static_cast<std::size_t>(from)];
  for (const span& part : r.parts) read(part, out);
}

}  // namespace snag::detector
