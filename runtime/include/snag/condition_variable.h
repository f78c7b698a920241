// SPDX-License-Identifier: Apache-2.0
#pragma once
// Waits until it is notified, with a lock released meanwhile: std::unique_lock<snag::mutex>, or the mutex
// itself, or anything with lock and unlock. No spurious wake-ups; notify_one wakes whoever waits longest;
// neither notification needs the lock. With nobody waiting a notification is lost.
//
// Semantics: Go, sync.Cond, with the names of std::condition_variable. Thread-safe.
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <utility>

#include "snag/clock.h"
#include "snag/config.h"
#include "snag/detail/duration.h"
#include "snag/detail/inline.h"
#include "snag/detail/object_header.h"

namespace snag {

namespace detail {

struct condition_storage {
  object_header header{object_kind::condition_variable};
  std::uintptr_t words[3]{};
};

// One wait in progress, on the waiting goroutine's stack: takes its place in the queue, then, with the lock
// released, parks.
class condition_wait {
 public:
  static constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();

  explicit condition_wait(condition_storage&);
  ~condition_wait();
  condition_wait(const condition_wait&) = delete;
  condition_wait& operator=(const condition_wait&) = delete;

  bool park(std::int64_t nanoseconds_from_now);  // false: timed out

 private:
  alignas(void*) std::byte storage_[20 * sizeof(void*)];
};

void notify_condition(condition_storage&, bool all);

}  // namespace detail

class condition_variable {
 public:
  SNAG_INLINE constexpr condition_variable() noexcept {
    if (!std::is_constant_evaluated()) detail::object_created(storage_.header);
  }
  SNAG_INLINE ~condition_variable() { detail::object_destroyed(storage_.header); }
  condition_variable(const condition_variable&) = delete;
  condition_variable& operator=(const condition_variable&) = delete;

  template <class Lock>
  SNAG_INLINE void wait(Lock& lock) SNAG_NO_THREAD_SAFETY_ANALYSIS {
    wait_nanoseconds(lock, detail::condition_wait::never);
  }
  template <class Lock, class Predicate>
  SNAG_INLINE void wait(Lock& lock, Predicate holds) SNAG_NO_THREAD_SAFETY_ANALYSIS {
    while (!holds()) wait_nanoseconds(lock, detail::condition_wait::never);
  }

  template <class Lock, class Rep, class Period>
  SNAG_INLINE std::cv_status wait_for(Lock& lock,
                                      std::chrono::duration<Rep, Period> d) SNAG_NO_THREAD_SAFETY_ANALYSIS {
    return wait_nanoseconds(lock, detail::to_nanoseconds(d).count()) ? std::cv_status::no_timeout
                                                                     : std::cv_status::timeout;
  }
  template <class Lock, class Rep, class Period, class Predicate>
  SNAG_INLINE bool wait_for(Lock& lock, std::chrono::duration<Rep, Period> d,
                            Predicate holds) SNAG_NO_THREAD_SAFETY_ANALYSIS {
    return wait_until(lock, detail::from_now(detail::to_nanoseconds(d)), std::move(holds));
  }
  template <class Lock, class Clock, class Duration>
  SNAG_INLINE std::cv_status wait_until(Lock& lock, std::chrono::time_point<Clock, Duration> t)
      SNAG_NO_THREAD_SAFETY_ANALYSIS {
    return wait_nanoseconds(lock, detail::until(t).count()) ? std::cv_status::no_timeout
                                                            : std::cv_status::timeout;
  }
  template <class Lock, class Clock, class Duration, class Predicate>
  SNAG_INLINE bool wait_until(Lock& lock, std::chrono::time_point<Clock, Duration> t,
                              Predicate holds) SNAG_NO_THREAD_SAFETY_ANALYSIS {
    while (!holds()) {
      if (!wait_nanoseconds(lock, detail::until(t).count())) return holds();
    }
    return true;
  }

  SNAG_INLINE void notify_one() { detail::notify_condition(storage_, false); }
  SNAG_INLINE void notify_all() { detail::notify_condition(storage_, true); }

 private:
  template <class Lock>
  SNAG_INLINE bool wait_nanoseconds(Lock& lock, std::int64_t nanoseconds) SNAG_NO_THREAD_SAFETY_ANALYSIS {
    detail::condition_wait self(storage_);
    lock.unlock();
    const bool notified = self.park(nanoseconds);
    lock.lock();
    return notified;
  }

  detail::condition_storage storage_;
};

}  // namespace snag
