// SPDX-License-Identifier: Apache-2.0
#pragma once
// Numbers the sites of all instrumented modules, in order of registration, so that a record needs 4 bytes to
// say where. Sites live in their modules' own data and are found by number through a reserved table.
// Thread-safe. A site is numbered when its module registers, or when it is first used before that (another
// module's constructor may call into it).
#include <atomic>
#include <bit>
#include <cstdint>
#include <span>

#include "detector/hooks.h"
#include "detector/src/access_record.h"
#include "detector/src/internal_memory.h"
#include "detector/src/spin_lock.h"

namespace snag::detector {

class site_registry {
 public:
  void add(hooks::site* begin, hooks::site* end) noexcept;

  // Whether a registered module's table holds it: of an address that may be anything.
  bool knows(const hooks::site* s) const noexcept {
    return is_in(*largest_.load(std::memory_order_acquire), s) || is_in(module_of(s), s);
  }

  // The table that was registered with `s` in it; empty: none.
  std::span<const hooks::site> module_of(const hooks::site* s) const noexcept {
    const auto a = reinterpret_cast<std::uintptr_t>(s);
    // The latest first: one that was closed may have lain there before.
    for (std::uint32_t i = module_count_.load(std::memory_order_acquire); i-- > 0;)
      if (a - reinterpret_cast<std::uintptr_t>(modules_[i].data()) < modules_[i].size_bytes())
        return modules_[i];
    return {};
  }

  std::size_t modules() const noexcept { return module_count_.load(std::memory_order_acquire); }
  std::span<const hooks::site> module(std::size_t number) const noexcept { return modules_[number]; }

  site_id id_of(const hooks::site* s) noexcept {
    if (!s) return site_id::none;
    const std::uint32_t id = __atomic_load_n(&s->id, __ATOMIC_ACQUIRE);
    return id != 0 ? site_id{id} : number(const_cast<hooks::site*>(s));
  }
  const hooks::site* operator[](site_id id) const noexcept {  // null for none
    return id == site_id::none ? nullptr : table_[static_cast<std::uint32_t>(id)];
  }

 private:
  static constexpr std::uint32_t capacity = 1u << 28, most_modules = 1u << 16;
  static constexpr int even_bits = std::countr_zero(sizeof(hooks::site));
  static constexpr std::uintptr_t inverse_of(std::uintptr_t odd) {  // modulo 2^64: Newton's iteration
    std::uintptr_t x = odd;
    for (int bits = 3; bits < 64; bits *= 2) x *= 2 - odd * x;
    return x;
  }
  static bool is_in(const std::span<const hooks::site>& m, const hooks::site* s) {
    const std::uintptr_t offset =
        reinterpret_cast<std::uintptr_t>(s) - reinterpret_cast<std::uintptr_t>(m.data());
    // The quotient if it divides, else more than any (H. S. Warren, Hacker's Delight, 10-17: by the inverse
    // of the odd part, then a rotation).
    constexpr std::uintptr_t odd = sizeof(hooks::site) >> even_bits, inverse = inverse_of(odd);
    static_assert(odd * inverse == 1);
    return std::rotr(offset * inverse, even_bits) < m.size();
  }
  site_id number(hooks::site*) noexcept;
  void number_locked(hooks::site*) noexcept SNAG_DETECTOR_REQUIRES(lock_);

  const hooks::site** table_ = nullptr;
  spin_lock lock_;
  std::uint32_t next_ SNAG_DETECTOR_GUARDED_BY(lock_) = 1;
  // Only ever added to, under the lock (frames of more modules are absent from stacks); the first
  // `module_count_` are read without it.
  std::span<const hooks::site>* modules_ = nullptr;
  std::atomic<std::uint32_t> module_count_{0};
  static constexpr std::span<const hooks::site> nothing{};
  std::atomic<const std::span<const hooks::site>*> largest_{&nothing};  // asked first
};

extern site_registry sites;

// The string at `offset` from a site's own field; null if there is none.
inline const char* site_string(const std::int32_t& offset) {
  return offset == 0 ? nullptr : reinterpret_cast<const char*>(&offset) + offset;
}
// The function whose frame a site runs in: for inlined code the one it was inlined into. Null if unknown.
const char* physical_function(const hooks::site&) noexcept;

}  // namespace snag::detector
