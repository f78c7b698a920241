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

// The whole of it for the only reader, when nobody watches: its first word counts readers above three flags
// (see shared_mutex.cpp). To guess the word saves reading it first. False: nothing happened.
constexpr std::uintptr_t one_reader = 8;
SNAG_INLINE bool replace_readers(shared_mutex_storage& m, std::uintptr_t from, std::uintptr_t to, int order) {
  return unwatched() &&
         __atomic_compare_exchange_n(&m.words[0], &from, to, /*weak=*/false, order, __ATOMIC_RELAXED);
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
    if (!detail::replace_readers(storage_, 0, detail::one_reader, __ATOMIC_ACQUIRE))
      detail::rlock_shared_mutex(storage_);
  }
  [[nodiscard]] SNAG_INLINE bool try_lock_shared()
      SNAG_TRY_ACQUIRE_SHARED(true) SNAG_NO_THREAD_SAFETY_ANALYSIS {
    return detail::try_rlock_shared_mutex(storage_);
  }
  SNAG_INLINE void unlock_shared() SNAG_RELEASE_SHARED() SNAG_NO_THREAD_SAFETY_ANALYSIS {
    if (!detail::replace_readers(storage_, detail::one_reader, 0, __ATOMIC_RELEASE))
      detail::runlock_shared_mutex(storage_);
  }

 private:
  detail::shared_mutex_storage storage_;
};

}  // namespace snag
