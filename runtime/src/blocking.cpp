// SPDX-License-Identifier: Apache-2.0
// Calls that block: how many at once, and who waits for a place. What becomes of the worker: monitor.cpp.
#include "snag/blocking.h"

#include "runtime/src/fork.h"
#include "runtime/src/scheduler_core.h"

namespace snag::detail {
namespace {

// A call occupies one place; who finds none waits in line. Not a snag::semaphore: nothing here orders the
// user's accesses, so observers need not hear of it.
class places {
 public:
  void take() noexcept {
    spin_lock lock(mutex_);
    if (free_ > 0) {
      --free_;
      return;
    }
    goroutine& self = current();
    self.queue_next = nullptr;
    (last_ != nullptr ? last_->queue_next : first_) = &self;
    last_ = &self;
    park(lock, wait_reason::semaphore);
  }
  void reset(int taken) noexcept SNAG_NO_THREAD_SAFETY_ANALYSIS {
    mutex_.unlock();  // whoever held it is gone
    free_ = most - taken;
    first_ = last_ = nullptr;
  }
  void give() noexcept {
    goroutine* next;
    {
      const spin_lock lock(mutex_);
      next = first_;
      if (next == nullptr) {
        ++free_;
        return;
      }
      first_ = next->queue_next;
      if (first_ == nullptr) last_ = nullptr;
    }
    ready(*next);
  }

 private:
  static constexpr int most = 256;  // of work_stealing::maximum_workers
  spin_mutex mutex_;
  int free_ SNAG_GUARDED_BY(mutex_) = most;
  goroutine* first_ SNAG_GUARDED_BY(mutex_) = nullptr;
  goroutine* last_ SNAG_GUARDED_BY(mutex_) = nullptr;
};
constinit places all_places;

}  // namespace

void forget_blocking_in_child(bool caller_is_inside) noexcept { all_places.reset(caller_is_inside ? 1 : 0); }

blocking_scope::blocking_scope() {
  schedule_point();
  current();  // on first contact the main thread becomes goroutine 1
  worker* here = this_worker();
  if (here == nullptr || !here->steals()) {
    worker_ = nullptr;
    return;
  }
  all_places.take();
  here = this_worker();  // another one, perhaps
  worker_ = here;
  ticket_ = here->home().begin_blocking(*here);
}

blocking_scope::~blocking_scope() {
  if (worker_ == nullptr) return;
  auto& begun_on = *static_cast<worker*>(worker_);
  begun_on.home().end_blocking(begun_on, ticket_);
  all_places.give();
  schedule_point();
}

}  // namespace snag::detail
