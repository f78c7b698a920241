// SPDX-License-Identifier: Apache-2.0
// fork(): as only the calling thread lives on in the child, so does only the calling goroutine. The child can
// start goroutines of its own; what the others waited for, or held, is lost, as it is for threads.
#include "runtime/src/fork.h"

#include <pthread.h>
#include <sched.h>
#include <unistd.h>

#include "runtime/src/context_switch.h"
#include "runtime/src/goroutine_table.h"
#include "runtime/src/handle_table.h"
#include "runtime/src/io.h"
#include "runtime/src/scheduler_core.h"
#include "runtime/src/sequential.h"
#include "runtime/src/signal_relay.h"
#include "runtime/src/thread_proxy.h"
#include "runtime/src/wait_sites.h"
#include "runtime/src/work_stealing.h"

namespace snag::detail {
namespace {

// In the order in which they are nested elsewhere.
void prepare() noexcept {
  signal_relay::before_fork();
  lock_once_for_fork();
  lock_threads_for_fork();
  lock_address_objects_for_fork();
  lock_owners_for_fork();
  default_scheduler().before_fork();
  wait_sites::instance().lock_for_fork();
  stack_arena::instance().lock_for_fork();
  goroutine_table::instance().lock_for_fork();
}

void release(bool in_child) noexcept {
  if (in_child) forget_handles_in_child();
  goroutine_table::instance().unlock_after_fork();
  stack_arena::instance().unlock_after_fork();
  wait_sites::instance().unlock_after_fork();
  unlock_owners_after_fork();
  unlock_address_objects_after_fork();
  unlock_threads_after_fork();
  unlock_once_after_fork(in_child);
}

void in_parent() noexcept {
  release(/*in_child=*/false);
  default_scheduler().after_fork(/*in_child=*/false);
  signal_relay::after_fork(/*in_child=*/false);
}

// Objects that outlive the fork may still know it as a waiter. Queues drop it (wait_queue::first); whoever
// wakes it all the same does nothing: it passes for a thread that nobody counts.
void stay_in_parent(goroutine& g) noexcept {
  g.alive.store(false, std::memory_order_relaxed);
  g.home = nullptr;
  g.background = true;
  g.stayed_in_parent = true;
  g.durable = false;
}

void in_child() noexcept {
  contexts_forked();
  release(/*in_child=*/true);
  const worker* const here = this_worker();
  const goroutine* const running = here != nullptr ? here->running() : nullptr;
  const goroutine* const proxy = proxy_of_this_thread();
  // In a simulation, somebody on this thread waits for its end, and does not look like it.
  const bool simulated = here != nullptr && &here->home() != &default_scheduler();
  goroutine_table::instance().for_each_alive([&](goroutine& g) {
    if (&g == running || &g == proxy) return;
    if (simulated && g.reason.load(std::memory_order_relaxed) == wait_reason::none) return;
    stay_in_parent(g);
  });
  forget_other_threads();
  forget_parked_in_child();
  forget_bubbles_in_child();
  forget_io_in_child();
  default_scheduler().after_fork(/*in_child=*/true);
  signal_relay::after_fork(/*in_child=*/true);
}

}  // namespace

void install_fork_handlers() noexcept { pthread_atfork(prepare, in_parent, in_child); }

// --- The sequential scheduler.

void sequential::before_fork() noexcept SNAG_NO_THREAD_SAFETY_ANALYSIS {
  mutex_.lock();
  timers_.lock_for_fork();  // only its own thread, which is this one or waits, fires them
}

void sequential::after_fork(bool child) noexcept SNAG_NO_THREAD_SAFETY_ANALYSIS {
  if (child) {
    runnable_.clear();
    injected_ = nullptr;
    timers_.disarm_all_in_child();
    foreign_spawns_ = 0;
    worker_.alive = this_worker() == &worker_ ? 1 : 0;
    forget_waiting_main();
    forget_blocking_in_child(false);
  }
  timers_.unlock_after_fork();
  mutex_.unlock();
}

// --- Work stealing.

// A timer that is being fired takes locks of its own and may start others: it has to be over.
void work_stealing::before_fork() noexcept SNAG_NO_THREAD_SAFETY_ANALYSIS {
  for (;; sched_yield()) {
    idle_mutex_.lock();  // no worker comes from here on
    global_mutex_.lock();
    bool quiet = outside_timers_.lock_for_fork();
    for_each_worker([&](stealing_worker& w) { quiet = w.timers.lock_for_fork() && quiet; });
    if (quiet) return;
    after_fork(/*in_child=*/false);
  }
}

// In the child the other workers' threads are gone; their objects stay behind, unreachable but for a cached
// pointer, and for a timer that the caller started on one of them.
void work_stealing::after_fork(bool child) noexcept SNAG_NO_THREAD_SAFETY_ANALYSIS {
  if (child) outside_timers_.disarm_all_in_child();
  outside_timers_.unlock_after_fork();
  for_each_worker([&](stealing_worker& w) {
    if (child) w.timers.disarm_all_in_child();
    w.timers.unlock_after_fork();
  });
  if (!child) {
    global_mutex_.unlock();
    return idle_mutex_.unlock();
  }

  worker* here = this_worker();
  const goroutine* const locked = locked_goroutine();
  if (here == nullptr && locked != nullptr) here = locked->lent_worker;
  auto* self = here != nullptr && &here->home() == this ? static_cast<stealing_worker*>(here) : nullptr;
  workers_[0] = self;
  slots_ = self != nullptr ? 1 : 0;
  active_ = self != nullptr && locked == nullptr ? 1 : 0;
  idle_list_ = nullptr;
  idle_ = frozen_ = spinning_ = 0;
  stop_ = 0;
  exiting_ = nullptr;
  global_first_ = global_last_ = nullptr;
  global_size_ = 0;
  timekeeper_ = nullptr;
  keeps_until_ = 0;
  watched_ = passed_over_ = false;
  outside_alive_ = 0;
  spares_ = handed_over_ = 0;
  target_ = static_cast<std::uint32_t>(procs_.load());
  monitor_started_ = monitor_sleeps_ = false;
  monitor_call_ = 0;
  monitor_pause_ = 0;
  attention().fetch_and(~monitor_asks, std::memory_order_relaxed);
  forget_waiting_main();

  bool inside_blocking = false;
  if (self != nullptr) {
    while (self->queue.pop_next() != nullptr) {
    }
    while (self->queue.pop() != nullptr) {
    }
    self->alive = 1;
    self->preempt = false;
    self->call = 0;
    self->looked_in_vain = false;
    self->watch = nanoseconds::zero();
    self->thread = gettid();
    self->seen_blocking = 0;
    // A spare that came for the call the caller is in stayed behind.
    const std::uint32_t state = self->blocking.load();
    inside_blocking = (state & stealing_worker::state_mask) != stealing_worker::not_blocking;
    if (inside_blocking)
      self->blocking = (state & ~std::uint32_t{stealing_worker::state_mask}) | stealing_worker::in_call;
  }
  forget_blocking_in_child(inside_blocking);
  update_sleepers();
  global_mutex_.unlock();
  idle_mutex_.unlock();
}

}  // namespace snag::detail
