// SPDX-License-Identifier: Apache-2.0
#pragma once
// Numbers by address: open addressing with linear probing, at most half full. Grows only. Not thread-safe.
#include <cstddef>
#include <cstdint>

#include "detector/src/internal_memory.h"

namespace snag::detector {

template <class Number>  // an enum of std::uint32_t
class address_index {
 public:
  // Null: there is none.
  const Number* find(const void* address) const noexcept {
    if (slots_.empty()) return nullptr;
    const slot& s = slot_of(slots_, address);
    return s.address == address ? &s.number : nullptr;
  }

  struct entry {
    Number& number;
    bool is_new;
  };
  // pre: not null. The entry is good until the next is added.
  entry add(const void* address, Number if_new) {
    if (2 * ++count_ > slots_.size()) grow();
    slot& s = slot_of(slots_, address);
    if (s.address == address) return --count_, entry{s.number, false};
    s = {address, if_new};
    return {s.number, true};
  }

 private:
  struct slot {
    const void* address = nullptr;
    Number number{};
  };
  template <class Slots>
  static auto& slot_of(Slots& slots, const void* address) noexcept {
    const auto key = reinterpret_cast<std::uintptr_t>(address);
    std::size_t at = key * 0x9E3779B97F4A7C15u >> 32 & (slots.size() - 1);
    while (slots[at].address != nullptr && slots[at].address != address) at = (at + 1) & (slots.size() - 1);
    return slots[at];
  }
  void grow() {
    constexpr std::size_t at_first = 64;
    vector<slot> larger(slots_.empty() ? at_first : 2 * slots_.size());
    for (const slot& s : slots_)
      if (s.address != nullptr) slot_of(larger, s.address) = s;
    slots_.swap(larger);
  }

  vector<slot> slots_;
  std::size_t count_ = 0;
};

}  // namespace snag::detector
