// SPDX-License-Identifier: Apache-2.0
#include "runtime/src/posix/cancellation.h"

#include "runtime/src/posix/real.h"

namespace snag::detail {
namespace {

SNAG_REAL(pthread_cancel);

// Counts calls of pthread_cancel. Whether one is pending can be asked only by acting on it, which one must
// not do in the queue (a signal may have been spent on us) nor under a lock; that none came since one asked
// can be told there.
constinit std::atomic<std::uint64_t> cancellations{0};

}  // namespace

cancellable_wait::cancellable_wait(const goroutine& self) noexcept {
  if (self.kind != events::actor_kind::thread) return;
  int state = PTHREAD_CANCEL_ENABLE;
  pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
  pthread_setcanceltype(PTHREAD_CANCEL_DEFERRED, &type_);
  pthread_setcancelstate(state, nullptr);
  possible_ = state == PTHREAD_CANCEL_ENABLE;
}

void cancellable_wait::queue(parking_shard& shard, parked& here) {
  if (possible_) here.cancelled_as = pthread_self();
  for (;;) {
    const std::uint64_t before = cancellations.load(std::memory_order_acquire);
    if (possible_) pthread_testcancel();
    const spin_lock lock(shard.mutex);
    if (!possible_ || cancellations.load(std::memory_order_relaxed) == before) return shard.push(here);
  }
}

void cancellable_wait::leave(const parked& here) {
  if (here.cancelled) pthread_testcancel();
  if (type_ != PTHREAD_CANCEL_DEFERRED) pthread_setcanceltype(type_, nullptr);
}

}  // namespace snag::detail

extern "C" int pthread_cancel(pthread_t thread) {
  using namespace snag::detail;
  const int result = real_pthread_cancel(thread);
  if (result != 0) return result;
  // Before the look into the queues, under their locks: whoever queues after the look sees it.
  cancellations.fetch_add(1, std::memory_order_release);
  unpark_cancelled(thread);
  return 0;
}
