// SPDX-License-Identifier: Apache-2.0
#pragma once
// A lock that parks the goroutine, not its thread. Lockable, so std::lock_guard, std::unique_lock and
// std::scoped_lock work. Owned, as std::mutex is and Go's is not: unlocking what somebody else holds is as
// fatal as unlocking what nobody holds; to hand over, use a channel. Not recursive.
//
// Semantics: Go, sync.Mutex: a woken waiter competes with newcomers, until it has waited for a millisecond;
// then it is handed the lock. Uncontended, locking and unlocking are one atomic operation each. Thread-safe.
#include <cstdint>
#include <type_traits>

#include "snag/config.h"
#include "snag/detail/current.h"
#include "snag/detail/inline.h"
#include "snag/detail/object_header.h"

namespace snag {

namespace detail {
struct mutex_storage {
  object_header header{object_kind::mutex};
  std::uintptr_t words[4]{};
};
void lock_mutex(mutex_storage&);
bool try_lock_mutex(mutex_storage&);
void unlock_mutex(mutex_storage&);
void finish_unlock_mutex(mutex_storage&);

// The whole of it when nobody else has the mutex and nobody watches: its first word, from 0 to the owner and
// back. False: nothing happened.
SNAG_INLINE bool lock_mutex_shortly(mutex_storage& m) {
  goroutine* const self = running_goroutine();
  const std::uint32_t attention = __atomic_load_n(&snag_attention, __ATOMIC_RELAXED);
  std::uintptr_t expected = 0;
  if (self == nullptr || !leaves_short_ways(attention) ||
      !__atomic_compare_exchange_n(&m.words[0], &expected, reinterpret_cast<std::uintptr_t>(self),
                                   /*weak=*/false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
    return false;
  if (attention != 0) [[unlikely]]
    note_taken(&m, wrappers_are_inline);
  return true;
}
// A subtraction: what is left says whether somebody began to wait meanwhile.
SNAG_INLINE bool unlock_mutex_shortly(mutex_storage& m) {
  const auto self = reinterpret_cast<std::uintptr_t>(running_goroutine());
  const std::uint32_t attention = __atomic_load_n(&snag_attention, __ATOMIC_RELAXED);
  if (self == 0 || !leaves_short_ways(attention) || __atomic_load_n(&m.words[0], __ATOMIC_RELAXED) != self)
    return false;
  if (attention != 0) [[unlikely]]
    note_letting_go(&m);
  if (__atomic_sub_fetch(&m.words[0], self, __ATOMIC_RELEASE) != 0) [[unlikely]]
    finish_unlock_mutex(m);
  return true;
}
}  // namespace detail

class SNAG_CAPABILITY("mutex") mutex {
 public:
  SNAG_INLINE constexpr mutex() noexcept {
    if (!std::is_constant_evaluated()) detail::object_created(storage_.header);
  }
  SNAG_INLINE ~mutex() { detail::object_destroyed(storage_.header); }
  mutex(const mutex&) = delete;
  mutex& operator=(const mutex&) = delete;

  SNAG_INLINE void lock() SNAG_ACQUIRE() SNAG_NO_THREAD_SAFETY_ANALYSIS {
    if (!detail::lock_mutex_shortly(storage_)) detail::lock_mutex(storage_);
  }
  [[nodiscard]] SNAG_INLINE bool try_lock() SNAG_TRY_ACQUIRE(true) SNAG_NO_THREAD_SAFETY_ANALYSIS {
    return detail::try_lock_mutex(storage_);
  }
  SNAG_INLINE void unlock() SNAG_RELEASE() SNAG_NO_THREAD_SAFETY_ANALYSIS {
    if (!detail::unlock_mutex_shortly(storage_)) detail::unlock_mutex(storage_);
  }

 private:
  detail::mutex_storage storage_;
};

}  // namespace snag
