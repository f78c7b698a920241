// SPDX-License-Identifier: Apache-2.0
#include "runtime/src/posix/parking_lot.h"

#include <time.h>

#include <algorithm>
#include <iterator>

#include "runtime/src/fork.h"
#include "runtime/src/thread_proxy.h"
#include "runtime/src/worker.h"

namespace snag::detail {
namespace {

constexpr std::size_t shard_count = 64;
constinit parking_shard shards[shard_count];

struct sleep_timer : timer_node {
  parking_shard* shard;
  parked* sleeper;
};

void time_out(timer_node& node) {
  auto& timer = static_cast<sleep_timer&>(node);
  goroutine* who = nullptr;
  {
    const spin_lock lock(timer.shard->mutex);
    parked& sleeper = *timer.sleeper;
    if (!sleeper.queued) return;
    timer.shard->remove(sleeper);
    sleeper.timed_out = true;
    who = sleeper.who;
  }
  ready(*who);
}

}  // namespace

parking_shard& parking_shard_of(const void* key) noexcept {
  return shards[(reinterpret_cast<std::uintptr_t>(key) >> 4) % shard_count];
}

bool anybody_parked(const void* key) noexcept { return !parking_shard_of(key).empty(); }
bool anybody_parked() noexcept {
  return std::any_of(std::begin(shards), std::end(shards), [](const parking_shard& s) { return !s.empty(); });
}

void parking_shard::insert(parked& p, parked* before, parked* after) noexcept {
  p.previous = before;
  p.next = after;
  (before != nullptr ? before->next : first_) = &p;
  (after != nullptr ? after->previous : last_) = &p;
  p.queued = true;
  count_.fetch_add(1, std::memory_order_seq_cst);
}

void parking_shard::push(parked& p) noexcept { insert(p, last_, nullptr); }
void parking_shard::push_first(parked& p) noexcept { insert(p, nullptr, first_); }

void parking_shard::remove(parked& p) noexcept {
  (p.previous != nullptr ? p.previous->next : first_) = p.next;
  (p.next != nullptr ? p.next->previous : last_) = p.previous;
  p.queued = false;
  count_.fetch_sub(1, std::memory_order_relaxed);
}

parked* parking_shard::first(const void* key) noexcept {
  for (parked* p = first_; p != nullptr; p = p->next)
    if (p->key == key) return p;
  return nullptr;
}

parked* parking_shard::take(const void* key) noexcept {
  parked* const p = first(key);
  if (p != nullptr) remove(*p);
  return p;
}

parked* parking_shard::take_to_compete(const void* key) noexcept {
  for (const parked* p = competing_; p != nullptr; p = p->next)
    if (p->key == key) return nullptr;
  parked* const p = take(key);
  if (p == nullptr) return nullptr;
  p->next = competing_;
  competing_ = p;
  return p;
}

void parking_shard::has_looked(parked& looked) noexcept {
  parked** link = &competing_;
  while (*link != &looked) link = &(*link)->next;
  *link = looked.next;
}

parked* parking_shard::take_cancelled(pthread_t thread) noexcept {
  for (parked* p = first_; p != nullptr; p = p->next) {
    if (p->cancelled_as == 0 || pthread_equal(p->cancelled_as, thread) == 0) continue;
    remove(*p);
    p->cancelled = true;
    return p;
  }
  return nullptr;
}

void parking_shard::sleep(parked& self, nanoseconds deadline, wait_reason reason) noexcept {
  if (!self.queued) {
    // (What it was about to wait for may have been told.)
    if (events::observer* o = events::listening()) [[unlikely]]
      o->on_unblocked(*self.who, nullptr);
    mutex.unlock();
    return;
  }
  self.asleep = true;
  if (deadline == nanoseconds::max()) {
    park(mutex, reason);
    return;
  }
  sleep_timer timer;
  timer.when = deadline;
  timer.fire = time_out;
  timer.shard = this;
  timer.sleeper = &self;
  start_timer(timer);
  park(mutex, reason);
  if (!stop_timer(timer)) await_timer(timer);
}

void parking_shard::forget_all() noexcept {
  mutex.unlock();  // whoever held it is gone
  first_ = last_ = competing_ = nullptr;
  count_.store(0, std::memory_order_relaxed);
}

// The caller of fork is not parked, so nobody who is lives on.
void forget_parked_in_child() noexcept {
  for (parking_shard& shard : shards) shard.forget_all();
}

std::size_t unpark(const void* key, bool everybody) noexcept {
  parking_shard& shard = parking_shard_of(key);
  goroutine* asleep = nullptr;  // linked by queue_next, which a parked goroutine does not use
  goroutine** end = &asleep;
  std::size_t count = 0;
  {
    const spin_lock lock(shard.mutex);
    while (parked* p = shard.take(key)) {
      ++count;
      if (p->asleep) {
        *end = p->who;
        p->who->queue_next = nullptr;
        end = &p->who->queue_next;
      }
      if (!everybody) break;
    }
  }
  while (asleep != nullptr) {
    goroutine* const next = asleep->queue_next;
    ready(*asleep);
    asleep = next;
  }
  return count;
}

void unpark_to_compete(const void* lock) noexcept {
  parking_shard& shard = parking_shard_of(lock);
  goroutine* woken = nullptr;
  {
    const spin_lock guard(shard.mutex);
    if (const parked* const p = shard.take_to_compete(lock)) {
      woken = p->who;
      woken->competes.store(true, std::memory_order_relaxed);
    }
  }
  if (woken != nullptr) ready(*woken);
}

void unpark_cancelled(pthread_t thread) noexcept {
  for (parking_shard& shard : shards) {
    goroutine* asleep = nullptr;
    bool found = false;
    {
      const spin_lock lock(shard.mutex);
      if (const parked* p = shard.take_cancelled(thread)) {
        found = true;
        if (p->asleep) asleep = p->who;
      }
    }
    if (asleep != nullptr) ready(*asleep);
    if (found) return;
  }
}

goroutine* acting_now() noexcept {
  if (const worker* const w = this_worker()) return w->running();
  if (const goroutine* const proxy = proxy_of_this_thread()) return const_cast<goroutine*>(proxy);
  return &current();
}

nanoseconds deadline_of(const timespec* absolute, clockid_t clock) noexcept {
  if (absolute == nullptr) return nanoseconds::max();
  timespec reading;
  clock_gettime(clock, &reading);
  const nanoseconds left = std::chrono::seconds(absolute->tv_sec - reading.tv_sec) +
                           nanoseconds(absolute->tv_nsec - reading.tv_nsec);
  return now() + (left > nanoseconds::zero() ? left : nanoseconds::zero());
}

}  // namespace snag::detail
