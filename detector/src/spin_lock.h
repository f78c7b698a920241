// SPDX-License-Identifier: Apache-2.0
#pragma once
// A leaf lock for the detector's tables, held for tens of instructions. Not a std::mutex: that is interposed,
// and its lock would be an event. Annotated, so that -Wthread-safety checks who touches what.
// A thread holds it only while it is marked as inside the detector: signal handlers then stay out.
#include <sched.h>

#include <atomic>

#if defined(__clang__)
#define SNAG_DETECTOR_ATTRIBUTE(x) __attribute__((x))
#else
#define SNAG_DETECTOR_ATTRIBUTE(x)
#endif
#define SNAG_DETECTOR_GUARDED_BY(x) SNAG_DETECTOR_ATTRIBUTE(guarded_by(x))
#define SNAG_DETECTOR_REQUIRES(x) SNAG_DETECTOR_ATTRIBUTE(requires_capability(x))

namespace snag::detector {

class SNAG_DETECTOR_ATTRIBUTE(capability("mutex")) spin_lock {
 public:
  void lock() noexcept SNAG_DETECTOR_ATTRIBUTE(acquire_capability()) {
    for (unsigned spins = 0; held_.exchange(true, std::memory_order_acquire); ++spins) {
      while (held_.load(std::memory_order_relaxed)) {
        if (++spins % 64 == 0) {
          sched_yield();
        } else {
          __builtin_ia32_pause();
        }
      }
    }
  }
  bool try_lock() noexcept SNAG_DETECTOR_ATTRIBUTE(try_acquire_capability(true)) {
    return !held_.exchange(true, std::memory_order_acquire);
  }
  void unlock() noexcept SNAG_DETECTOR_ATTRIBUTE(release_capability()) {
    held_.store(false, std::memory_order_release);
  }

 private:
  std::atomic<bool> held_{false};
};

class SNAG_DETECTOR_ATTRIBUTE(scoped_lockable) spin_guard {
 public:
  explicit spin_guard(spin_lock& lock) noexcept SNAG_DETECTOR_ATTRIBUTE(acquire_capability(lock))
      : lock_(lock) {
    lock_.lock();
  }
  ~spin_guard() SNAG_DETECTOR_ATTRIBUTE(release_capability()) { lock_.unlock(); }
  spin_guard(const spin_guard&) = delete;

 private:
  spin_lock& lock_;
};

}  // namespace snag::detector
