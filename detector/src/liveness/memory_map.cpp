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

void memory_map::add_part(events::memory_span s) {
  if (!s.empty()) parts_.push_back({at(s.low), at(s.high)});
}

void memory_map::add_party(events::actor_memory m, events::memory_span locals, events::memory_span control) {
  const region_index r{region_count()};
  for (const events::memory_span s : {m.stack, m.closure, locals, control}) add_part(s);
  first_part_.push_back(static_cast<std::uint32_t>(parts_.size()));
  if (!m.stack.empty())
    ranges_.push_back({at(m.users_part != nullptr ? m.users_part : m.stack.low), at(m.stack.high), r});
  if (!locals.empty()) ranges_.push_back({at(locals.low), at(locals.high), r});
  if (!m.closure.empty()) ranges_.push_back({at(m.closure.low), at(m.closure.high), r});
}

region_index memory_map::add_name(std::uint64_t address) {
  const region_index r{region_count()};
  first_part_.push_back(static_cast<std::uint32_t>(parts_.size()));
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
  for (std::size_t i = 0; i < ranges_.size(); i += ranges_per_mark) marks_.push_back(ranges_[i].low);
}

void memory_map::expect_parties(std::size_t n) {
  first_part_.reserve(n + 2);
  parts_.reserve(2 * n);
  ranges_.reserve(2 * n);
}

const memory_map::range* memory_map::range_around(std::uintptr_t a) {
  if (recent_ != nullptr && a - recent_->low < recent_->high - recent_->low) return recent_;
  const auto mark = std::upper_bound(marks_.begin(), marks_.end(), a);
  if (mark == marks_.begin()) return nullptr;
  const auto first = ranges_.begin() + (mark - marks_.begin() - 1) * ranges_per_mark;
  const auto end = mark == marks_.end() ? ranges_.end() : first + ranges_per_mark;
  const auto after = std::upper_bound(first, end, a, [](auto x, const range& r) { return x < r.low; });
  if (after == first) return nullptr;
  const range& r = after[-1];
  return a < r.high ? recent_ = &r : nullptr;
}

region_index memory_map::place(const void* address) {
  const auto a = reinterpret_cast<std::uintptr_t>(address);
  if (const range* const r = range_around(a)) return r->of;
  heap_block block;
  if (!find_heap_block(address, block) || block.freed) return root;
  const auto begin = reinterpret_cast<std::uintptr_t>(block.begin);
  const auto [known, is_new] = blocks_.add(block.begin, region_index{region_count()});
  if (is_new) {
    parts_.push_back({begin, begin + block.size});
    first_part_.push_back(static_cast<std::uint32_t>(parts_.size()));
  }
  return known;
}

// Words are read as they are, whatever they belong to. `own`: pointers into it lead nowhere else.
void memory_map::read(span s, span own, vector<region_index>& out) {
  constexpr std::uintptr_t word = sizeof(std::uintptr_t);
  region_index last = root;
  for (std::uintptr_t a = (s.low + word - 1) & ~(word - 1); a + word <= s.high; a += word) {
    constexpr std::uintptr_t address_bits = (std::uintptr_t{1} << 48) - 1;
    const std::uintptr_t value = *reinterpret_cast<const std::uintptr_t*>(a) & address_bits;
    ++words_;
    if (value - lowest_ >= highest_ - lowest_ || value - own.low < own.high - own.low) continue;
    placed& known = placed_[value * 0x9E3779B97F4A7C15u >> (64 - placed_bits)];
    if (known.address != value) known = {value, place(reinterpret_cast<const void*>(value))};
    const region_index r = known.in;
    if (r == root || r == last) continue;
    out.push_back(r);
    last = r;
  }
}

void memory_map::read_root(vector<region_index>& out) {
  complete_ = for_each_root([&](std::uintptr_t low, std::uintptr_t high) { read({low, high}, {}, out); });
  for (const span& s : further_roots_) read(s, {}, out);
}

void memory_map::visit(region_index from, vector<region_index>& out) {
  if (from == root) return read_root(out);
  const auto r = static_cast<std::size_t>(from);
  for (std::uint32_t i = first_part_[r]; i < first_part_[r + 1]; ++i)
    read(parts_[i], parts_[first_part_[r]], out);
}

}  // namespace snag::detector
