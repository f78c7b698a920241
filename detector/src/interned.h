// SPDX-License-Identifier: Apache-2.0
#pragma once
// Values by number: equal values are one number, from 1, for ever. Finding what is known takes no lock: a
// table that has grown is left standing for those who still look into it, and who misses looks again under
// the lock. Thread-safe.
#include <atomic>
#include <cstdint>
#include <cstring>
#include <new>

#include "detector/src/internal_memory.h"
#include "detector/src/spin_lock.h"

namespace snag::detector {

// `Value` is trivially copyable, with == and hash(). At most 2^Bits - 1 of them.
template <class Value, unsigned Bits>
class interned {
 public:
  std::uint32_t number_of(const Value& value) noexcept {  // 0: the table is full
    const std::uint64_t hash = value.hash();
    if (const table* t = table_.load(std::memory_order_acquire))
      if (const std::uint32_t known = find(*t, hash, value); known != 0) return known;
    return add(hash, value);
  }
  const Value& operator[](std::uint32_t number) const noexcept { return values_[number]; }
  std::uint32_t size() const noexcept { return next_.load(std::memory_order_relaxed) - 1; }

 private:
  struct table {
    std::uint32_t mask;
    std::atomic<std::uint32_t> numbers[];  // 0: free
  };

  std::uint32_t find(const table& t, std::uint64_t hash, const Value& value) const noexcept {
    for (std::uint32_t i = static_cast<std::uint32_t>(hash) & t.mask;; i = (i + 1) & t.mask) {
      const std::uint32_t number = t.numbers[i].load(std::memory_order_acquire);
      if (number == 0 || values_[number] == value) return number;
    }
  }
  static void insert(table& t, std::uint64_t hash, std::uint32_t number) noexcept {
    std::uint32_t i = static_cast<std::uint32_t>(hash) & t.mask;
    while (t.numbers[i].load(std::memory_order_relaxed) != 0) i = (i + 1) & t.mask;
    t.numbers[i].store(number, std::memory_order_release);
  }
  table& with_room() noexcept SNAG_DETECTOR_REQUIRES(lock_) {
    table* const old = table_.load(std::memory_order_relaxed);
    const std::uint32_t used = next_.load(std::memory_order_relaxed);
    if (old != nullptr && 2 * used <= old->mask) return *old;
    const std::uint32_t slots = old == nullptr ? 256 : 2 * (old->mask + 1);
    const std::size_t bytes = sizeof(table) + slots * sizeof(std::uint32_t);
    void* const memory = internal_allocate(bytes);
    std::memset(memory, 0, bytes);
    table* const fresh = ::new (memory) table{slots - 1};
    for (std::uint32_t n = 1; n < used; ++n) insert(*fresh, values_[n].hash(), n);
    table_.store(fresh, std::memory_order_release);
    return *fresh;
  }
  std::uint32_t add(std::uint64_t hash, const Value& value) noexcept {
    spin_guard guard(lock_);
    if (values_ == nullptr) values_ = static_cast<Value*>(internal_reserve(sizeof(Value) << Bits));
    table& t = with_room();
    if (const std::uint32_t known = find(t, hash, value); known != 0) return known;
    const std::uint32_t number = next_.load(std::memory_order_relaxed);
    if (number >> Bits != 0) return 0;
    ::new (&values_[number]) Value(value);
    next_.store(number + 1, std::memory_order_relaxed);
    insert(t, hash, number);
    return number;
  }

  std::atomic<table*> table_{nullptr};
  Value* values_ = nullptr;  // written once, before the first table
  spin_lock lock_;
  std::atomic<std::uint32_t> next_{1};
};

}  // namespace snag::detector
