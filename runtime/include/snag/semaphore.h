// SPDX-License-Identifier: Apache-2.0
#pragma once
// A number of units that goroutines take, one or several at a time, and give back. First come, first served:
// a large request at the head of the queue holds up the smaller ones behind it, and so is never starved.
// With the names of std::counting_semaphore; unlike there, no more may be given back than was taken.
//
//   semaphore slots(3);
//   slots.acquire();  …  slots.release();
//   if (error e = slots.acquire(ctx, 2)) return e;   // gives up when ctx is cancelled
//
// Semantics: golang.org/x/sync/semaphore, Weighted. A release happens before every acquire that succeeds
// after it. Thread-safe.
#include <chrono>
#include <cstdint>

#include "snag/config.h"
#include "snag/context.h"
#include "snag/detail/inline.h"
#include "snag/detail/object_header.h"
#include "snag/error.h"

namespace snag {

namespace detail {
struct semaphore_storage {
  object_header header{object_kind::semaphore};
  std::int64_t size, used = 0;
  std::uint64_t bubble = 0;
  std::uintptr_t words[3]{};
};
void prepare_semaphore(semaphore_storage&);  // panics if the size is negative
void acquire_semaphore(semaphore_storage&, std::int64_t n);
error acquire_semaphore(semaphore_storage&, const context&, std::int64_t n);
bool try_acquire_semaphore(semaphore_storage&, std::int64_t n);
void release_semaphore(semaphore_storage&, std::int64_t n);
}  // namespace detail

class semaphore {
 public:
  SNAG_INLINE explicit semaphore(std::int64_t units) : storage_{.size = units} {
    detail::prepare_semaphore(storage_);
    detail::object_created(storage_.header);
  }
  SNAG_INLINE ~semaphore() { detail::object_destroyed(storage_.header); }
  semaphore(const semaphore&) = delete;
  semaphore& operator=(const semaphore&) = delete;

  // For more units than there are: waits for ever, with a context until that is cancelled.
  SNAG_INLINE void acquire(std::int64_t n = 1) { detail::acquire_semaphore(storage_, n); }
  // None, or ctx.err(): then nothing was taken. A cancelled context fails even if units are free.
  SNAG_INLINE error acquire(const context& ctx, std::int64_t n = 1) {
    return detail::acquire_semaphore(storage_, ctx, n);
  }
  // False if that would have to wait, also for others that wait already.
  [[nodiscard]] SNAG_INLINE bool try_acquire(std::int64_t n = 1) {
    return detail::try_acquire_semaphore(storage_, n);
  }
  template <class Rep, class Period>
  [[nodiscard]] SNAG_INLINE bool try_acquire_for(std::chrono::duration<Rep, Period> d, std::int64_t n = 1) {
    if (detail::try_acquire_semaphore(storage_, n)) return true;
    const cancellable limit = with_timeout(context::background(), d);
    return !detail::acquire_semaphore(storage_, limit.ctx, n);
  }
  SNAG_INLINE void release(std::int64_t n = 1) { detail::release_semaphore(storage_, n); }

 private:
  detail::semaphore_storage storage_;
};

}  // namespace snag
