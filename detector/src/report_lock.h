// SPDX-License-Identifier: Apache-2.0
#pragma once
// A lock that knows its holder: the reporter may be entered again by its own thread (a signal handler's race,
// an allocation inside a look-up), which must not wait for itself. Not a std::mutex: those are interposed and
// would park the goroutine. Held for milliseconds, hardly ever contended.
#include <atomic>

#include "detector/src/patience.h"

namespace snag::detector {

class report_lock {
 public:
  // False: the calling thread holds it already.
  bool lock() noexcept {
    for (unsigned rounds = 0;; ++rounds) {
      switch (try_lock()) {
        case result::taken:
          return true;
        case result::own:
          return false;
        case result::busy:
          wait_a_round(rounds);
      }
    }
  }
  // For handlers of fatal signals: gives up after about a second, or at once if it is the thread's own.
  bool lock_with_patience() noexcept {
    for (unsigned rounds = 0; rounds < patient_rounds; ++rounds) {
      switch (try_lock()) {
        case result::taken:
          return true;
        case result::own:
          return false;
        case result::busy:
          wait_a_round(patient_rounds);
      }
    }
    return false;
  }
  void unlock() noexcept { holder_.store(nullptr, std::memory_order_release); }
  bool mine() const noexcept { return holder_.load(std::memory_order_relaxed) == __builtin_thread_pointer(); }
  void reset() noexcept { holder_.store(nullptr, std::memory_order_relaxed); }  // after fork, in the child

 private:
  enum class result { taken, own, busy };
  result try_lock() noexcept {
    void* const self = __builtin_thread_pointer();
    void* expected = nullptr;
    if (holder_.compare_exchange_strong(expected, self, std::memory_order_acquire)) return result::taken;
    return expected == self ? result::own : result::busy;
  }
  std::atomic<void*> holder_{nullptr};
};

}  // namespace snag::detector
