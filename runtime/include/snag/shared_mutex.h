// SPDX-License-Identifier: Apache-2.0
#pragma once
// Many readers or one writer; parks goroutines. SharedLockable, so std::shared_lock and the others work. A
// writer that waits keeps new readers out, so a goroutine must not lock it for reading twice. A writer that
// unlocks lets in all readers that waited, before the next writer. The writer owns the lock; readers are only
// counted.
//
// Semantics: Go, sync.RWMutex. Uncontended, each operation is one atomic operation. Thread-safe.
#include <cstdint>
#include <type_traits>

#include "snag/config.h"
#include "snag/detail/current.h"
#include "snag/detail/inline.h"
#include "snag/detail/object_header.h"

namespace snag {

namespace detail {
struct shared_mutex_storage {
  object_header header{object_kind::shared_mutex};
  std::uintptr_t words[7]{};
};
void lock_shared_mutex(shared_mutex_storage&);
bool try_lock_shared_mutex(shared_mutex_storage&);
void unlock_shared_mutex(shared_mutex_storage&);
void rlock_shared_mutex(shared_mutex_storage&);
bool try_rlock_shared_mutex(shared_mutex_storage&);
void runlock_shared_mutex(shared_mutex_storage&);
void runlock_noted_shared_mutex(shared_mutex_storage&);  // what is left to do of it

void rlock_counted_shared_mutex(shared_mutex_storage&);

// What a reader does when nobody watches. The first word counts readers above the flags, the lowest two of
// which keep readers out (see shared_mutex.cpp).
constexpr std::uintptr_t one_reader = 16, keeps_readers_out = 3;

// The reader counts itself first and asks then: an addition is cheaper than an exchange, and cannot fail.
SNAG_INLINE void rlock_unwatched(shared_mutex_storage& m) {
  if ((__atomic_fetch_add(&m.words[0], one_reader, __ATOMIC_ACQUIRE) & keeps_readers_out) != 0) [[unlikely]]
    rlock_counted_shared_mutex(m);
}
// The whole of it for the only reader; to guess the word saves reading it first. False: nothing happened, or
// (`noted`) it is written down and still to be done.
SNAG_INLINE bool runlock_shortly(shared_mutex_storage& m, bool& noted) {
  const std::uint32_t attention = __atomic_load_n(&snag_attention, __ATOMIC_RELAXED);
  if (!leaves_short_ways(attention)) return false;
  if (attention != 0) [[unlikely]] {
    // (An unlock of what nobody holds is for the function to refuse.)
    if (__atomic_load_n(&m.words[0], __ATOMIC_RELAXED) != one_reader) return false;
    note_letting_go_for_reading(&m);
    noted = true;
  }
  std::uintptr_t expected = one_reader;
  return __atomic_compare_exchange_n(&m.words[0], &expected, 0, /*weak=*/false, __ATOMIC_RELEASE,
                                     __ATOMIC_RELAXED);
}
}  // namespace detail

class SNAG_CAPABILITY("shared_mutex") shared_mutex {
 public:
  SNAG_INLINE constexpr shared_mutex() noexcept {
    if (!std::is_constant_evaluated()) detail::object_created(storage_.header);
  }
  SNAG_INLINE ~shared_mutex() { detail::object_destroyed(storage_.header); }
  shared_mutex(const shared_mutex&) = delete;
  shared_mutex& operator=(const shared_mutex&) = delete;

  SNAG_INLINE void lock() SNAG_ACQUIRE() SNAG_NO_THREAD_SAFETY_ANALYSIS {
    detail::lock_shared_mutex(storage_);
  }
  [[nodiscard]] SNAG_INLINE bool try_lock() SNAG_TRY_ACQUIRE(true) SNAG_NO_THREAD_SAFETY_ANALYSIS {
    return detail::try_lock_shared_mutex(storage_);
  }
  SNAG_INLINE void unlock() SNAG_RELEASE() SNAG_NO_THREAD_SAFETY_ANALYSIS {
    detail::unlock_shared_mutex(storage_);
  }

  SNAG_INLINE void lock_shared() SNAG_ACQUIRE_SHARED() SNAG_NO_THREAD_SAFETY_ANALYSIS {
    const std::uint32_t attention = __atomic_load_n(&snag_attention, __ATOMIC_RELAXED);
    if (!detail::leaves_short_ways(attention)) return detail::rlock_shared_mutex(storage_);
    detail::rlock_unwatched(storage_);
    if (attention != 0) [[unlikely]]
      detail::note_taken_for_reading(&storage_, detail::wrappers_are_inline);
  }
  [[nodiscard]] SNAG_INLINE bool try_lock_shared()
      SNAG_TRY_ACQUIRE_SHARED(true) SNAG_NO_THREAD_SAFETY_ANALYSIS {
    return detail::try_rlock_shared_mutex(storage_);
  }
  SNAG_INLINE void unlock_shared() SNAG_RELEASE_SHARED() SNAG_NO_THREAD_SAFETY_ANALYSIS {
    bool noted = false;
    if (detail::runlock_shortly(storage_, noted)) return;
    noted ? detail::runlock_noted_shared_mutex(storage_) : detail::runlock_shared_mutex(storage_);
  }

 private:
  detail::shared_mutex_storage storage_;
};

}  // namespace snag
