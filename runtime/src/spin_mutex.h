// SPDX-License-Identifier: Apache-2.0
#pragma once
// The runtime's leaf lock: held for tens of nanoseconds, never across a park, never while user code runs.
// Unlocking is a plain store, which is what an uncontended channel operation pays for; a futex mutex would
// add a locked instruction there. Waiters spin, then give up their time slice, then sleep for growing times:
// on a loaded machine the holder may be off its CPU. Four bytes; all zero is unlocked.
#include <atomic>

#include "snag/config.h"

namespace snag::detail {

class SNAG_CAPABILITY("spin_mutex") spin_mutex {
 public:
  void lock() noexcept SNAG_ACQUIRE() {
    if (held_.exchange(1, std::memory_order_acquire) != 0) [[unlikely]]
      lock_slow();
  }
  bool try_lock() noexcept SNAG_TRY_ACQUIRE(true) {
    return held_.load(std::memory_order_relaxed) == 0 && held_.exchange(1, std::memory_order_acquire) == 0;
  }
  void unlock() noexcept SNAG_RELEASE() { held_.store(0, std::memory_order_release); }

 private:
  void lock_slow() noexcept;

  std::atomic<unsigned> held_{0};
};

// A scope that holds the lock. std::unique_lock would defeat the thread-safety analysis.
class SNAG_SCOPED_CAPABILITY spin_lock {
 public:
  explicit spin_lock(spin_mutex& mutex) noexcept SNAG_ACQUIRE(mutex) : mutex_(&mutex) { mutex.lock(); }
  ~spin_lock() SNAG_RELEASE() {
    if (mutex_ != nullptr) mutex_->unlock();
  }
  spin_lock(const spin_lock&) = delete;
  spin_lock& operator=(const spin_lock&) = delete;

  void unlock() noexcept SNAG_RELEASE() { release().unlock(); }
  // Gives up the duty to unlock, for a park that unlocks once the goroutine has left its stack.
  spin_mutex& release() noexcept SNAG_RELEASE() SNAG_NO_THREAD_SAFETY_ANALYSIS {
    spin_mutex& mutex = *mutex_;
    mutex_ = nullptr;
    return mutex;
  }

 private:
  spin_mutex* mutex_;
};

}  // namespace snag::detail
