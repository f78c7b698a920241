// SPDX-License-Identifier: Apache-2.0
// How workers sleep, wake, start and stop, and how everybody being asleep is noticed.
#include <pthread.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <utility>

#include "runtime/src/fatal.h"
#include "runtime/src/futex.h"
#include "runtime/src/goroutine_table.h"
#include "runtime/src/os_thread.h"
#include "runtime/src/signals.h"
#include "runtime/src/thread_proxy.h"
#include "runtime/src/work_stealing.h"

namespace snag::detail {

// --- Waking.

void work_stealing::update_sleepers() noexcept {
  const std::uint32_t active = active_.load(std::memory_order_relaxed);
  const std::uint32_t target = target_.load(std::memory_order_relaxed);
  const std::uint32_t startable = active < target ? target - active : 0;
  sleepers_.store(idle_.load(std::memory_order_relaxed) + startable, std::memory_order_seq_cst);
}

void work_stealing::wake_for_work() noexcept {
  if (sleepers_.load(std::memory_order_seq_cst) == 0) return;
  if (frozen()) return wake_one();
  if (spinning_.load(std::memory_order_seq_cst) != 0) return;
  wake_one();
}

// Two goroutines that talk to each other put one another into run-next, where the worker that does it finds
// them a moment later: to wake another for that costs more than the whole conversation, and in vain. So a
// worker that was called and found nothing goes on watch: it sleeps for a fraction of a millisecond, then
// looks by itself whether a run-next stands still, and meanwhile nobody calls it. A quiet watch ends by
// itself. (Go wakes one each time, but puts its thief to sleep for 3 us before it may take a run-next.)
void work_stealing::wake_for_run_next() noexcept {
  if (!watched_.load(std::memory_order_seq_cst)) return wake_for_work();
  if (!passed_over_.load(std::memory_order_relaxed)) passed_over_.store(true, std::memory_order_relaxed);
}

void work_stealing::wake_one(bool despite_spinners) noexcept {
  if (frozen()) {  // one worker goes on, whatever the others were doing when they were stopped
    if (stealing_worker* const w = exiting_.load(std::memory_order_relaxed)) poke(*w);
    return;
  }
  std::uint32_t none = 0;
  if (despite_spinners)
    spinning_.fetch_add(1, std::memory_order_seq_cst);
  else if (!spinning_.compare_exchange_strong(none, 1, std::memory_order_seq_cst))
    return;
  stealing_worker* woken = nullptr;
  {
    spin_lock lock(idle_mutex_);
    woken = idle_list_;
    if (woken != nullptr) {
      leave_idle(*woken);
    } else if (active_.load(std::memory_order_relaxed) < target_.load(std::memory_order_relaxed)) {
      return start_worker();
    }
  }
  if (woken == nullptr) {
    spinning_.fetch_sub(1, std::memory_order_seq_cst);
    return;
  }
  woken->spinning = true;
  call(*woken);
}

void work_stealing::call(stealing_worker& w) noexcept {
  w.call.store(called, std::memory_order_release);
  futex_wake(w.call, 1);
}

void work_stealing::leave_idle(stealing_worker& w) noexcept {
  stealing_worker** link = &idle_list_;
  while (*link != &w) link = &(*link)->idle_next;
  *link = w.idle_next;
  w.where = stealing_worker::state::active;
  idle_.store(idle_.load(std::memory_order_relaxed) - 1, std::memory_order_seq_cst);
  update_sleepers();
}

void work_stealing::stop_spinning_with_work(stealing_worker& w) noexcept {
  if (!w.spinning) return;
  w.spinning = false;
  if (spinning_.fetch_sub(1, std::memory_order_seq_cst) == 1 && work_visible()) wake_for_work();
}

// --- Sleeping.

nanoseconds work_stealing::next_timer() noexcept {
  nanoseconds next = outside_timers_.next();
  for_each_worker([&](stealing_worker& w) { next = std::min(next, w.timers.next()); });
  return next;
}

bool work_stealing::timers_pending() noexcept {
  bool any = !outside_timers_.is_idle();
  for_each_worker([&](stealing_worker& w) { any = any || !w.timers.is_idle(); });
  return any;
}

bool work_stealing::any_timer_due() noexcept {
  const nanoseconds next = next_timer();
  return next != timer_heap::never && next <= now_real();
}

bool work_stealing::work_visible(bool on_watch) noexcept {
  if (global_size_.load(std::memory_order_seq_cst) > 0) return true;
  bool any = false;
  for_each_worker(
      [&](stealing_worker& w) { any = any || (on_watch ? w.queue.waiting() > 0 : !w.queue.empty()); });
  return any;
}

void work_stealing::sleep(stealing_worker& w) noexcept {
  w.call.store(0, std::memory_order_relaxed);
  // Before it is on the list: whoever takes it off makes it a spinning one again.
  const bool was_spinning = std::exchange(w.spinning, false);
  {
    spin_lock lock(idle_mutex_);
    w.where = stealing_worker::state::idle;
    w.idle_next = idle_list_;
    idle_list_ = &w;
    idle_.store(idle_.load(std::memory_order_relaxed) + 1, std::memory_order_seq_cst);
    update_sleepers();
  }
  if (was_spinning) spinning_.fetch_sub(1, std::memory_order_seq_cst);
  std::atomic_thread_fence(std::memory_order_seq_cst);
  bool keeper = false;
  // On watch, it comes back soon enough for what is left to its worker.
  const bool watches =
      w.watch > nanoseconds::zero() && somebody_runs() && !watched_.exchange(true, std::memory_order_seq_cst);
  if (!work_visible(/*on_watch=*/watches)) {
    nanoseconds deadline = deadline_for(w, keeper);
    if (watches) deadline = std::min(deadline, now_real() + w.watch);
    while (w.call.load(std::memory_order_acquire) == 0)
      if (!futex_wait(w.call, 0, deadline)) break;
    w.looked_in_vain =
        (watches && passed_over_.exchange(false)) || w.call.load(std::memory_order_relaxed) != 0;
    if (keeper) timekeeper_.store(nullptr, std::memory_order_seq_cst);
  }
  // Whoever saw the watch had published its work before: the look that follows finds it.
  if (watches) watched_.store(false, std::memory_order_seq_cst);
  wake_up(w, keeper);
}

// Until when an idle worker may sleep. One of them keeps the time for all.
nanoseconds work_stealing::deadline_for(stealing_worker& w, bool& keeper) noexcept {
  nanoseconds deadline = next_timer();
  if (deadline == timer_heap::never) {
    check_deadlock();
    // Threads exist that nobody announced: their end will not be told, so look again from time to time.
    return outsiders() == outside::unknown ? now_real() + std::chrono::milliseconds(100) : timer_heap::never;
  }
  if (frozen()) return deadline;  // the keeper may be among the stopped
  stealing_worker* nobody = nullptr;
  keeper = timekeeper_.compare_exchange_strong(nobody, &w, std::memory_order_seq_cst);
  if (!keeper) return timer_heap::never;
  for (;;) {
    // Say until when, then look again; whoever starts an earlier timer does it the other way round.
    keeps_until_.store(deadline.count(), std::memory_order_seq_cst);
    std::atomic_thread_fence(std::memory_order_seq_cst);
    const nanoseconds again = next_timer();
    if (again >= deadline) return deadline;
    deadline = again;
  }
}

// Off the idle list, spinning: by ourselves, or as whoever took us off it arranged.
void work_stealing::wake_up(stealing_worker& w, bool kept_time) noexcept {
  bool taken_off;
  {
    spin_lock lock(idle_mutex_);
    taken_off = w.where != stealing_worker::state::idle;
    if (!taken_off) leave_idle(w);
  }
  if (taken_off) {
    // It may have been made dormant while it kept the time: then another idle worker has to.
    if (kept_time && w.call.load(std::memory_order_acquire) != called) wake_one();
    while (w.call.load(std::memory_order_acquire) != called) {
      const std::uint32_t seen = w.call.load(std::memory_order_acquire);
      if (seen != called) futex_wait(w.call, seen, timer_heap::never);
    }
  } else {
    w.spinning = true;
    spinning_.fetch_add(1, std::memory_order_seq_cst);
  }
  if (monitor_sleeps_.load(std::memory_order_relaxed)) [[unlikely]] {
    monitor_call_.fetch_add(1, std::memory_order_release);
    futex_wake(monitor_call_, 1);
  }
}

void work_stealing::timer_started(timer_heap&, nanoseconds when, bool earliest) noexcept {
  if (!earliest) return;
  if (!monitor_started_.load(std::memory_order_relaxed)) [[unlikely]]
    start_monitor();
  std::atomic_thread_fence(std::memory_order_seq_cst);
  if (stealing_worker* keeper = timekeeper_.load(std::memory_order_seq_cst)) {
    if (when.count() >= keeps_until_.load(std::memory_order_seq_cst)) return;
    poke(*keeper);
  } else if (sleepers_.load(std::memory_order_seq_cst) > 0) {
    wake_one();  // it will find nothing to run and keep the time
  }
}

// --- Everybody asleep.

bool work_stealing::all_asleep() noexcept {
  spin_lock lock(idle_mutex_);
  return idle_.load(std::memory_order_relaxed) + frozen_.load(std::memory_order_relaxed) ==
             active_.load(std::memory_order_relaxed) &&
         !work_visible() && next_timer() == timer_heap::never;
}

void work_stealing::check_deadlock() noexcept {
  // Outsiders are asked in between: one that readied somebody and ended meanwhile is seen by the second look.
  if (all_asleep() && outsiders() == outside::none && all_asleep() && !release_main()) die_of_deadlock(this);
}

void work_stealing::outsider_left() noexcept {
  check_deadlock();
  // A thread that is ending is still listed by the kernel, as one that nobody knows: an idle worker looks
  // again later.
  spin_lock lock(idle_mutex_);
  if (idle_list_ != nullptr) poke(*idle_list_);
}

void work_stealing::poke(stealing_worker& w) noexcept {
  std::uint32_t asleep = 0;
  if (w.call.compare_exchange_strong(asleep, poked, std::memory_order_seq_cst)) futex_wake(w.call, 1);
}

// --- How many workers there are.

stealing_worker* work_stealing::find_slot(stealing_worker::state wanted) noexcept {
  stealing_worker* found = nullptr;
  for_each_worker([&](stealing_worker& w) {
    if (found == nullptr && w.where == wanted) found = &w;
  });
  return found;
}

stealing_worker& work_stealing::add_slot() noexcept {
  const std::uint32_t index = slots_.load(std::memory_order_relaxed);
  auto* w = new stealing_worker(*this, index);
  workers_[index].store(w, std::memory_order_release);
  slots_.store(index + 1, std::memory_order_release);
  active_.store(active_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  update_sleepers();
  return *w;
}

// The caller has counted the worker to come as spinning.
void work_stealing::start_worker() noexcept {
  if (stealing_worker* const dormant = find_slot(stealing_worker::state::dormant)) {
    dormant->where = stealing_worker::state::active;
    dormant->spinning = true;
    active_.store(active_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    update_sleepers();
    return call(*dormant);
  }
  stealing_worker* const vacant = find_slot(stealing_worker::state::vacant);
  if (vacant == nullptr && slots_.load(std::memory_order_relaxed) == maximum_workers) {
    spinning_.fetch_sub(1, std::memory_order_seq_cst);
    return;
  }
  if (vacant != nullptr) join(*vacant);
  stealing_worker& w = vacant != nullptr ? *vacant : add_slot();
  w.spinning = true;
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, 256 << 10);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_t thread;
  const internal_thread_scope internal;
  const int error = pthread_create(&thread, &attributes, thread_main, &w);
  pthread_attr_destroy(&attributes);
  if (error == 0) return;
  // The system gives no more threads: make do with those there are.
  w.where = stealing_worker::state::vacant;
  active_.store(active_.load(std::memory_order_relaxed) - 1, std::memory_order_relaxed);
  if (active_.load(std::memory_order_relaxed) == 0) out_of_memory("no thread to run goroutines on");
  target_.store(active_.load(std::memory_order_relaxed), std::memory_order_relaxed);
  update_sleepers();
  spinning_.fetch_sub(1, std::memory_order_seq_cst);
}

void* work_stealing::thread_main(void* argument) noexcept {
  auto& w = *static_cast<stealing_worker*>(argument);
  register_internal_thread();
  install_alternate_stack();
  char name[16];  // the kernel's limit
  std::snprintf(name, sizeof name, "snag-worker-%u", w.index % 1000);
  pthread_setname_np(pthread_self(), name);
  w.bind_thread();
  w.thread.store(gettid(), std::memory_order_relaxed);
  w.steals_for().loop(w);
  end_lent_thread(w);
  return nullptr;
}

void work_stealing::main_loop_entry(arrival arrived) noexcept {
  asm volatile(".cfi_undefined rip");
  worker::arrive_at_scheduler(arrived);
  auto& w = static_cast<stealing_worker&>(*this_worker());
  w.steals_for().loop(w);
  park_lent_main_thread(w);
}

void work_stealing::adopt_main(goroutine& main) noexcept {
  stealing_worker* w;
  {
    spin_lock lock(idle_mutex_);
    w = &add_slot();
  }
  w->bind_thread();
  w->thread.store(gettid(), std::memory_order_relaxed);
  w->adopt(main);
  w->alive.store(1, std::memory_order_relaxed);
  w->set_scheduler_stack(stack_arena::instance().allocate(0).bounds(), main_loop_entry);
}

int work_stealing::max_procs(int n) noexcept {
  const int previous = procs_.load();
  if (n < 1 || n == previous) return previous;
  procs_ = std::min(n, static_cast<int>(maximum_workers));
  update_target();
  return previous;
}

void work_stealing::update_target() noexcept {
  {
    spin_lock lock(idle_mutex_);
    const std::uint32_t target = std::min(
        static_cast<std::uint32_t>(procs_.load()) + spares_.load() + handed_over_.load(), maximum_workers);
    target_.store(target, std::memory_order_relaxed);
    // Those asleep go first; they stay asleep.
    while (idle_list_ != nullptr && active_.load(std::memory_order_relaxed) > target) {
      stealing_worker& w = *idle_list_;
      leave_idle(w);
      w.where = stealing_worker::state::dormant;
      active_.store(active_.load(std::memory_order_relaxed) - 1, std::memory_order_relaxed);
    }
    update_surplus();
    update_sleepers();
  }
  wake_for_work();  // to use the new room, or to keep the time in place of one that went
}

void work_stealing::update_surplus() noexcept {
  if (active_.load(std::memory_order_relaxed) > target_.load(std::memory_order_relaxed))
    stop_.fetch_or(stop_surplus, std::memory_order_relaxed);
  else
    stop_.fetch_and(~static_cast<std::uint32_t>(stop_surplus), std::memory_order_relaxed);
}

void work_stealing::hand_over(stealing_worker& w) noexcept {
  if (w.to_start != nullptr) push_alone(*std::exchange(w.to_start, nullptr));
  while (goroutine* g = w.queue.pop_next()) push_alone(*g);
  while (goroutine* g = w.queue.pop()) push_alone(*g);
  if (std::exchange(w.spinning, false)) spinning_.fetch_sub(1, std::memory_order_seq_cst);
}

void work_stealing::push_alone(goroutine& g) noexcept {
  g.queue_next = nullptr;
  push_global(&g, &g, 1);
}

void work_stealing::stop_here(stealing_worker& w) noexcept {
  hand_over(w);
  if ((stop_.load(std::memory_order_relaxed) & stop_frozen) != 0) {
    frozen_.fetch_add(1, std::memory_order_seq_cst);
    for (;;) futex_wait(w.call, w.call.load(std::memory_order_relaxed), timer_heap::never);
  }
  w.call.store(0, std::memory_order_relaxed);
  {
    spin_lock lock(idle_mutex_);
    if (active_.load(std::memory_order_relaxed) <= target_.load(std::memory_order_relaxed))
      return update_surplus();
    w.where = stealing_worker::state::dormant;
    active_.store(active_.load(std::memory_order_relaxed) - 1, std::memory_order_relaxed);
    update_surplus();
    update_sleepers();
  }
  std::atomic_thread_fence(std::memory_order_seq_cst);
  wake_for_work();
  while (w.call.load(std::memory_order_acquire) != called) futex_wait(w.call, 0, timer_heap::never);
}

// --- The end of the program.

void work_stealing::freeze() noexcept {
  exiting_.store(static_cast<stealing_worker*>(this_worker()), std::memory_order_relaxed);
  stop_.fetch_or(stop_frozen, std::memory_order_seq_cst);
  attention().fetch_or(monitor_asks, std::memory_order_seq_cst);
  const auto others_run = [&] { return active_.load() > idle_.load() + frozen_.load() + 1; };
  // A goroutine that computes or sits in a system call is not waited for longer: it has no operation to stop
  // at. (Under a sanitizer everybody is slower.)
  for (const nanoseconds deadline = now_real() + std::chrono::milliseconds(sanitized ? 500 : 10);
       others_run() && now_real() < deadline;)
    sched_yield();
}

}  // namespace snag::detail
