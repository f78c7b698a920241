// SPDX-License-Identifier: Apache-2.0
// fork(): as only the calling thread lives on in the child, so does only the calling goroutine. The child can
// start goroutines of its own; what the others waited for, or held, is lost, as it is for threads.
#include "runtime/src/fork.h"

#include <pthread.h>

#include "runtime/src/context_switch.h"
#include "runtime/src/goroutine_table.h"
#include "runtime/src/io.h"
#include "runtime/src/scheduler_core.h"
#include "runtime/src/sequential.h"
#include "runtime/src/signal_relay.h"
#include "runtime/src/thread_proxy.h"
#include "runtime/src/work_stealing.h"

namespace snag::detail {
namespace {

void prepare() noexcept {
  signal_relay::before_fork();
  default_scheduler().before_fork();
  stack_arena::instance().lock_for_fork();
  goroutine_table::instance().lock_for_fork();
}

void release() noexcept {
  goroutine_table::instance().unlock_after_fork();
  stack_arena::instance().unlock_after_fork();
}

void in_parent() noexcept {
  release();
  default_scheduler().after_fork(/*in_child=*/false);
  signal_relay::after_fork(/*in_child=*/false);
}

void in_child() noexcept {
  contexts_forked();
  release();
  const worker* here = this_worker();
  const goroutine* self = here != nullptr ? here->running() : &current_proxy();
  goroutine_table::instance().for_each_alive([&](goroutine& g) {
    if (&g != self) g.alive.store(false, std::memory_order_relaxed);
  });
  forget_other_threads();
  forget_io_in_child();
  default_scheduler().after_fork(/*in_child=*/true);
  signal_relay::after_fork(/*in_child=*/true);
}

}  // namespace

void install_fork_handlers() noexcept { pthread_atfork(prepare, in_parent, in_child); }

void sequential::before_fork() noexcept SNAG_NO_THREAD_SAFETY_ANALYSIS { mutex_.lock(); }

void sequential::after_fork(bool child) noexcept SNAG_NO_THREAD_SAFETY_ANALYSIS {
  if (child) {
    runnable_.clear();
    injected_ = nullptr;
    timers_.forget_all();
    foreign_spawns_ = 0;
    worker_.alive = this_worker() == &worker_ ? 1 : 0;
  }
  mutex_.unlock();
}

void work_stealing::before_fork() noexcept SNAG_NO_THREAD_SAFETY_ANALYSIS {
  idle_mutex_.lock();
  global_mutex_.lock();
}

void work_stealing::after_fork(bool child) noexcept SNAG_NO_THREAD_SAFETY_ANALYSIS {
  if (child) {
    // The other workers' threads are gone; their objects stay behind, unreachable but for a cached pointer.
    worker* here = this_worker();
    const goroutine* const locked = locked_goroutine();
    if (here == nullptr && locked != nullptr) here = locked->lent_worker;
    auto* self = here != nullptr && &here->home() == this ? static_cast<stealing_worker*>(here) : nullptr;
    global_first_ = global_last_ = nullptr;
    global_size_ = 0;
    idle_list_ = nullptr;
    idle_ = frozen_ = spinning_ = 0;
    timekeeper_ = nullptr;
    outside_alive_ = 0;
    outside_timers_.forget_all();
    monitor_started_ = false;
    stop_ = 0;
    spares_ = handed_over_ = 0;
    target_ = static_cast<std::uint32_t>(procs_.load());
    workers_[0] = self;
    slots_ = self != nullptr ? 1 : 0;
    active_ = self != nullptr && locked == nullptr ? 1 : 0;
    if (self != nullptr) {
      while (self->queue.pop_next() != nullptr) {
      }
      while (self->queue.pop() != nullptr) {
      }
      self->timers.forget_all();
      self->alive = 1;
    }
    update_sleepers();
  }
  global_mutex_.unlock();
  idle_mutex_.unlock();
}

}  // namespace snag::detail
