// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where goroutines (and, for condition variables, threads) wait for a POSIX object, which has no queue that a
// goroutine could stand in: queues keyed by address, after WebKit's ParkingLot. Thread-safe.
#include <pthread.h>

#include <atomic>

#include "runtime/src/scheduler.h"
#include "runtime/src/spin_mutex.h"

namespace snag::detail {

// Lives on the stack of whoever waits.
struct parked {
  const void* key;
  goroutine* who;
  const void* lock = nullptr;  // of who waits for a condition variable
  parked* next = nullptr;
  parked* previous = nullptr;
  bool queued = false;
  bool asleep = false;  // parked, or about to under the shard's lock: waking it means ready()
  bool timed_out = false;
  pthread_t cancelled_as = 0;  // a thread that pthread_cancel wakes; 0: it does not
  bool cancelled = false;      // and did
};

class parking_shard {
 public:
  spin_mutex mutex;

  void push(parked&) noexcept SNAG_REQUIRES(mutex);
  void push_first(parked&) noexcept SNAG_REQUIRES(mutex);
  void remove(parked&) noexcept SNAG_REQUIRES(mutex);            // pre: queued
  parked* first(const void* key) noexcept SNAG_REQUIRES(mutex);  // that waits for key, or null
  parked* take(const void* key) noexcept SNAG_REQUIRES(mutex);   // the same, and off the queue
  // To compete for a lock: null while somebody does who was taken before, and has not said that it looked.
  parked* take_to_compete(const void* key) noexcept SNAG_REQUIRES(mutex);
  void has_looked(parked&) noexcept SNAG_REQUIRES(mutex);
  parked* take_cancelled(pthread_t) noexcept SNAG_REQUIRES(mutex);
  // Sleeps until somebody takes `self` off the queue, or `deadline` (max: none) passes; leaves the lock.
  void sleep(parked& self, nanoseconds deadline, wait_reason) noexcept SNAG_RELEASE(mutex);
  void forget_all() noexcept SNAG_NO_THREAD_SAFETY_ANALYSIS;  // in the child of a fork
  bool empty() const noexcept { return count_.load(std::memory_order_seq_cst) == 0; }

 private:
  void insert(parked&, parked* before, parked* after) noexcept SNAG_REQUIRES(mutex);

  parked* first_ SNAG_GUARDED_BY(mutex) = nullptr;
  parked* last_ SNAG_GUARDED_BY(mutex) = nullptr;
  parked* competing_ SNAG_GUARDED_BY(mutex) = nullptr;  // linked by next
  std::atomic<std::size_t> count_{0};
};

parking_shard& parking_shard_of(const void* key) noexcept;

// False: certainly nobody is parked for key. Asked after an atomic read-modify-write that made a lock
// free, as all unlocking is, which on x86-64 is a full fence: whoever was pushed later sees the lock free.
bool anybody_parked(const void* key) noexcept;
bool anybody_parked() noexcept;  // for anything

// Wakes the first, or everybody, who waits for key; how many.
std::size_t unpark(const void* key, bool everybody) noexcept;
// A lock was let go: wakes the first who waits for it, unless somebody competes for it already.
void unpark_to_compete(const void* lock) noexcept;
void unpark_cancelled(pthread_t) noexcept;  // wherever it waits

// Who is to be told of: a goroutine or a thread; null on a scheduler's stack.
goroutine* acting_now() noexcept;

// A deadline of the runtime's clock for an absolute time of `clock`; max for null.
nanoseconds deadline_of(const timespec* absolute, clockid_t clock) noexcept;

}  // namespace snag::detail
