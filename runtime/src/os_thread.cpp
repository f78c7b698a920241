// SPDX-License-Identifier: Apache-2.0
#include "runtime/src/os_thread.h"

#include <utility>

#include "runtime/src/futex.h"
#include "runtime/src/scheduler_core.h"
#include "runtime/src/signals.h"
#include "runtime/src/thread_proxy.h"
#include "runtime/src/work_stealing.h"
#include "snag/runtime.h"

namespace snag::detail {
namespace {

// The goroutine is its thread's no longer; the worker is bound to it again.
stealing_worker& return_worker(goroutine& self) noexcept {
  auto& w = static_cast<stealing_worker&>(*std::exchange(self.lent_worker, nullptr));
  restore_proxy();
  w.bind_thread();
  self.home = &w.home();
  return w;
}

}  // namespace

// --- The pool without one worker, and with it again.

void work_stealing::join(stealing_worker& w) noexcept {
  w.where = stealing_worker::state::active;
  w.ends_thread = false;
  active_.store(active_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  update_sleepers();
}

void work_stealing::lend(stealing_worker& w) noexcept {
  hand_over(w);
  {
    const spin_lock lock(idle_mutex_);
    w.where = stealing_worker::state::lent;
    active_.store(active_.load(std::memory_order_relaxed) - 1, std::memory_order_relaxed);
    update_surplus();
    update_sleepers();
  }
  std::atomic_thread_fence(std::memory_order_seq_cst);
  wake_for_work();  // what was handed over, and the time that this worker may have kept
}

void work_stealing::take_back(stealing_worker& w) noexcept {
  const spin_lock lock(idle_mutex_);
  join(w);
  update_surplus();
}

void work_stealing::vacate(stealing_worker& w) noexcept {
  const spin_lock lock(idle_mutex_);
  w.where = stealing_worker::state::vacant;
}

// --- Ends.

void leave_os_thread() noexcept {
  goroutine& self = current();
  self.thread_locks = 0;
  if (self.lent_worker == nullptr) return;
  stealing_worker& w = return_worker(self);
  w.steals_for().take_back(w);
  drop_outsider();
}

void end_locked(goroutine& self) noexcept {
  self.thread_locks = 0;
  if (self.lent_worker != nullptr) return_worker(self).ends_thread = true;
}

void end_lent_thread(stealing_worker& w) noexcept {
  work_stealing& home = w.steals_for();
  worker::unbind_thread(nullptr);
  remove_alternate_stack();
  unregister_internal_thread();
  home.vacate(w);  // from here on it may have another thread
  outsider_stopped();
}

void park_lent_main_thread(stealing_worker&) noexcept {
  worker::unbind_thread(nullptr);
  outsider_stopped();
  static constinit std::atomic<std::uint32_t> never{0};
  for (;;) futex_wait(never, 0, nanoseconds::max());
}

}  // namespace snag::detail

namespace snag {

void lock_os_thread() {
  detail::schedule_point();
  detail::goroutine& self = detail::current();
  if (self.kind != events::actor_kind::goroutine) return;  // a thread of its own
  if (self.thread_locks++ > 0) return;
  detail::worker& here = *detail::this_worker();
  if (!here.steals()) return;  // a seeded run has one thread for all
  auto& w = static_cast<detail::stealing_worker&>(here);
  self.lent_worker = &w;
  detail::act_as_proxy(self);
  detail::worker::unbind_thread(nullptr);
  self.home = nullptr;
  w.steals_for().lend(w);
}

void unlock_os_thread() {
  detail::schedule_point();
  detail::goroutine& self = detail::current();
  if (self.thread_locks == 0 || --self.thread_locks > 0) return;
  detail::leave_os_thread();
}

}  // namespace snag
