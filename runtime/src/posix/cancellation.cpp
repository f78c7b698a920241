// SPDX-License-Identifier: Apache-2.0
#include "runtime/src/posix/cancellation.h"

#include <dlfcn.h>

#include "runtime/src/posix/lock_events.h"
#include "runtime/src/posix/real.h"
#include "runtime/src/posix/thread.h"

namespace snag::detail {
namespace {

SNAG_REAL(pthread_cancel);
SNAG_REAL(_dl_find_object);

// Counts calls of pthread_cancel. Whether one is pending can be asked only by acting on it, which one must
// not do in the queue (a signal may have been spent on us) nor under a lock; that none came since one asked
// can be told there.
constinit std::atomic<std::uint64_t> cancellations{0};

// What a cancellation orders, it orders before the cleanup handlers and destructors that its thread runs when
// it acts on it, not before what it does until then. The C library tells nobody that it acts; but it unwinds
// then, and the unwinder begins by looking for the code that it stands in. (Of an exception that a cancelled
// thread throws before it acts that is true as well: it may be ordered too much.)
constinit std::atomic<std::uint64_t> told{0};        // cancellations that an observer knows
constinit thread_local std::uint64_t looked_at = 0;  // of these, when this thread unwound last

const void* cancellation_of(pthread_t thread) noexcept { return reinterpret_cast<const void*>(thread); }

void tell_cancelling(pthread_t thread, events::site where) noexcept {
  if (events::installed() == nullptr) return;
  tell_released_merging(cancellation_of(thread), events::object_kind::other, where);
  told.fetch_add(1, std::memory_order_release);
}

void tell_unwinding() noexcept {
  const std::uint64_t now = told.load(std::memory_order_acquire);
  if (now == looked_at) [[likely]]
    return;
  looked_at = now;
  tell_acquired(cancellation_of(pthread_self()), events::object_kind::other, {});
}

}  // namespace

void forget_cancellation() noexcept {
  const std::uint64_t now = told.load(std::memory_order_acquire);
  if (now == 0) return;
  forget_object(cancellation_of(pthread_self()));
  looked_at = now;
}

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
  await_beginning(thread);  // or it would take this for what came before it
  tell_cancelling(thread, {__builtin_return_address(0)});
  const int result = real_pthread_cancel(thread);
  if (result != 0) return result;
  // Before the look into the queues, under their locks: whoever queues after the look sees it.
  cancellations.fetch_add(1, std::memory_order_release);
  unpark_cancelled(thread);
  return 0;
}

// The unwinder's first question, and the one for each frame.
extern "C" int _dl_find_object(void* pc, dl_find_object* found) noexcept {
  snag::detail::tell_unwinding();
  return snag::detail::real__dl_find_object(pc, found);
}
