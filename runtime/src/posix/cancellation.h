// SPDX-License-Identifier: Apache-2.0
#pragma once
// pthread_cancel, and threads that wait in the parking lot, where the C library does not know that they wait.
// A cancellation takes its thread off the queue; the thread, when it holds again what it has to hold, acts on
// it. Goroutines are not cancelled.
#include "runtime/src/posix/parking_lot.h"

namespace snag::detail {

// A wait that is a cancellation point, if a thread waits that can be cancelled now.
class cancellable_wait {
 public:
  explicit cancellable_wait(const goroutine& self) noexcept;
  // Queues `here`, or acts on a cancellation that came before.
  void queue(parking_shard&, parked& here);
  // Acts on a cancellation that took `here` off the queue. A thread that was woken otherwise does not: what
  // woke it would be lost.
  void leave(const parked& here);

 private:
  bool possible_ = false;
  int type_ = PTHREAD_CANCEL_DEFERRED;  // the thread's; while it waits it is deferred
};

// Before the calling thread's routine: nobody has cancelled it yet, whoever had its id before.
void forget_cancellation() noexcept;

}  // namespace snag::detail
