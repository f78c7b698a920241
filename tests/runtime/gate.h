// SPDX-License-Identifier: Apache-2.0
#pragma once
// The smallest primitive on park and ready, for tests of the scheduler: a counter that goroutines wait on.
#include <cstdint>

#include "runtime/src/scheduler.h"

namespace snag::test {

class gate {
 public:
  // Waits until `add` was called at least as often as `take`.
  void take() {
    detail::schedule_point();
    mutex_.lock();
    if (count_ > 0) {
      --count_;
      mutex_.unlock();
      return;
    }
    detail::goroutine& self = detail::current();
    self.queue_next = nullptr;
    (last_ != nullptr ? last_->queue_next : first_) = &self;
    last_ = &self;
    detail::park(mutex_, detail::wait_reason::semaphore);
  }
  void add() {
    detail::schedule_point();
    mutex_.lock();
    detail::goroutine* waiter = first_;
    if (waiter == nullptr) {
      ++count_;
    } else {
      first_ = waiter->queue_next;
      if (first_ == nullptr) last_ = nullptr;
    }
    mutex_.unlock();
    if (waiter != nullptr) detail::ready(*waiter);
  }
  bool anybody_waits() {
    const detail::spin_lock lock(mutex_);
    return first_ != nullptr;
  }
  void take(int n) {
    while (n-- > 0) take();
  }

 private:
  detail::spin_mutex mutex_;
  std::int64_t count_ SNAG_GUARDED_BY(mutex_) = 0;
  detail::goroutine* first_ SNAG_GUARDED_BY(mutex_) = nullptr;
  detail::goroutine* last_ SNAG_GUARDED_BY(mutex_) = nullptr;
};

// Sleeps on the scheduler's clock.
inline void sleep_for(detail::nanoseconds duration) {
  struct sleeper : detail::timer_node {
    detail::spin_mutex mutex;
    detail::goroutine* self;
    bool fired = false;
  } timer;
  timer.self = &detail::current();
  timer.when = detail::now() + duration;
  timer.fire = [](detail::timer_node& node) {
    auto& s = static_cast<sleeper&>(node);
    s.mutex.lock();
    s.fired = true;
    s.mutex.unlock();
    detail::ready(*s.self);
  };
  timer.mutex.lock();
  detail::start_timer(timer);
  detail::park(timer.mutex, detail::wait_reason::sleep);
}

}  // namespace snag::test
