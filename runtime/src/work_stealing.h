// SPDX-License-Identifier: Apache-2.0
#pragma once
// The default scheduler: goroutines on several OS threads. Each worker runs its own queue; one that has
// nothing to do steals half of another's; one that finds nothing sleeps. The design is Go's
// (runtime/proc.go); so are its traps:
//
// No lost wake-up. Whoever submits work (1) publishes it, (2) passes a StoreLoad barrier, (3) reads the
// numbers of sleeping and spinning workers, and wakes one if some sleep and none spins. Whoever goes to sleep
// (1) counts itself as sleeping and no longer spinning, (2) passes the barrier, (3) looks at every queue once
// more. In the total order of the barriers one of the two comes first, so the submitter sees the sleeper or
// the sleeper sees the work; and a submitter that is put off by a spinning worker relies on that one's own
// last look. A spinning worker that finds work and was the last one looks at every queue as well, and wakes
// another if there is more: whoever comes later sees that nobody spins.
// Spinners are limited to half of the busy workers.
//
// All asleep: a worker holds a goroutine only while it is not in the idle list, and it leaves the list under
// idle_mutex_. So if, under that lock, every worker is in the list, all queues are empty and no timer is set,
// nothing but an outsider (a foreign thread) can ever make a goroutine run. That is looked at by each worker
// that goes idle, and when an outsider ends or parks: no polling.
//
// Stuck workers: the monitor thread looks every 10 ms. If a worker has not switched since, and work waits,
// the running goroutine is asked to make room at its next operation, and a spare worker takes over meanwhile:
// it may be in a blocking system call or a loop. When the stuck one comes back there is one worker too many,
// and one goes dormant. A worker in snag::blocking() says so, and is replaced by a spare, work or no work, if
// the monitor still finds it there 20 us later; that often it looks only while such calls are made.
#include <atomic>
#include <memory>

#include "runtime/src/scheduler_core.h"
#include "runtime/src/stealing_worker.h"

namespace snag::detail {

class work_stealing final : public scheduler {
 public:
  static constexpr std::uint32_t maximum_workers = 1024;
  static constexpr std::uint32_t global_every =
      61;  // ticks; prime, so that it does not beat with the program

  // procs < 1: as many as CPUs may be used. migrates: a goroutine that can go on does so on another worker
  // than it was on, if one is to be had (SNAG_OPTIONS migrate=always, for tests).
  explicit work_stealing(int procs, bool migrates = false) noexcept;

  void make_ready(goroutine&, worker* here) noexcept override;
  void make_ready_batch(goroutine* first, goroutine* last, std::uint32_t count) noexcept override;
  void spawned(goroutine&, worker* here) noexcept override;
  void yield(worker& here) noexcept override;
  void point(worker& here) noexcept override;
  goroutine* next(worker& here, const goroutine* ending) noexcept override;
  std::uint32_t random_below(std::uint32_t n, worker* here) noexcept override;
  nanoseconds now() noexcept override;
  timer_heap& timers(worker* here) noexcept override;
  void timer_started(timer_heap&, nanoseconds when, bool earliest) noexcept override;
  events::goroutine_id next_id(worker* here) noexcept override;
  void adopt_main(goroutine&) noexcept override;
  void freeze() noexcept override;
  void outsider_left() noexcept override;
  bool timers_pending() noexcept override;
  std::uint32_t begin_blocking(worker& here) noexcept override;
  void end_blocking(worker& begun_on, std::uint32_t ticket) noexcept override;
  int max_procs(int n) noexcept override;
  std::int64_t alive() const noexcept override;
  activity activity_of(const goroutine&) const noexcept override;
  counters count() const noexcept override;
  void before_fork() noexcept override;
  void after_fork(bool in_child) noexcept override;

  // --- For workers.
  bool frozen() const noexcept { return (stop_.load(std::memory_order_relaxed) & stop_frozen) != 0; }
  bool must_stop(const stealing_worker& w) const noexcept {
    const std::uint32_t why = stop_.load(std::memory_order_relaxed);
    return why != 0 && &w != exiting_.load(std::memory_order_relaxed);
  }
  void push_global(goroutine* first, goroutine* last, std::uint32_t count) noexcept;
  // One goroutine to run; up to `most` in all, the others into w's queue. A fair share only.
  goroutine* pop_global(stealing_worker& w, std::uint32_t most) noexcept;
  bool any_timer_due() noexcept;
  bool migrates() const noexcept { return migrates_; }

  // --- For goroutines that lock themselves to a worker's thread (os_thread.cpp).
  void lend(stealing_worker&) noexcept;       // it leaves the pool; its queue goes to the others
  void take_back(stealing_worker&) noexcept;  // with its goroutine running
  void vacate(stealing_worker&) noexcept;     // its thread ends

  std::uint32_t workers_started() const noexcept { return slots_.load(std::memory_order_acquire); }

 private:
  enum : std::uint32_t { called = 1, poked = 2 };  // stealing_worker::call: to work; to look at the timers
  enum stop_reason : std::uint32_t { stop_frozen = 1, stop_surplus = 2 };

  stealing_worker& slot(std::uint32_t i) const noexcept {
    return *workers_[i].load(std::memory_order_acquire);
  }
  template <class F>
  void for_each_worker(F f) const {
    for (std::uint32_t i = 0, n = slots_.load(std::memory_order_acquire); i < n; ++i) f(slot(i));
  }

  // A worker's scheduler stack.
  void loop(stealing_worker&) noexcept;        // until its thread is to end
  goroutine* find(stealing_worker&) noexcept;  // sleeps until there is somebody
  goroutine* look(stealing_worker&) noexcept;  // own queue, timers, global queue
  goroutine* spin(stealing_worker&) noexcept;  // stealing, for a few microseconds
  goroutine* steal(stealing_worker& into, stealing_worker& victim) noexcept;
  void stop_spinning_with_work(stealing_worker&) noexcept;
  void sleep(stealing_worker&) noexcept;
  nanoseconds deadline_for(stealing_worker&, bool& keeper) noexcept;
  void wake_up(stealing_worker&, bool kept_time) noexcept;
  void stop_here(stealing_worker&) noexcept;  // frozen or surplus
  void push_alone(goroutine&) noexcept;
  goroutine* pop_migrant(stealing_worker&) noexcept;
  void hand_over(stealing_worker&) noexcept;
  void fire_timers(bool all, stealing_worker&) noexcept;
  [[noreturn]] static void main_loop_entry(arrival) noexcept;
  static void* thread_main(void*) noexcept;

  bool push_first(stealing_worker&, goroutine&) noexcept;
  void wake_for_work() noexcept;      // after the work was published with a barrier
  void wake_for_run_next() noexcept;  // the same for work that its own worker is likely to do at once
  void wake_one(bool despite_spinners = false) noexcept;
  void start_worker() noexcept SNAG_REQUIRES(idle_mutex_);
  stealing_worker* find_slot(stealing_worker::state) noexcept SNAG_REQUIRES(idle_mutex_);
  stealing_worker& add_slot() noexcept SNAG_REQUIRES(idle_mutex_);
  void join(stealing_worker&) noexcept SNAG_REQUIRES(idle_mutex_);
  void call(stealing_worker&) noexcept;
  static void poke(stealing_worker&) noexcept;
  bool work_visible(bool on_watch = false) noexcept;
  nanoseconds next_timer() noexcept;
  bool all_asleep() noexcept;
  bool somebody_runs() const noexcept {
    return idle_.load(std::memory_order_relaxed) + frozen_.load(std::memory_order_relaxed) <
           active_.load(std::memory_order_relaxed);
  }
  void check_deadlock() noexcept;
  void leave_idle(stealing_worker&) noexcept SNAG_REQUIRES(idle_mutex_);
  void update_target() noexcept;  // after procs_, spares_ or handed_over_ changed
  void update_surplus() noexcept SNAG_REQUIRES(idle_mutex_);
  void update_sleepers() noexcept SNAG_REQUIRES(idle_mutex_);

  // The monitor thread (monitor.cpp).
  void start_monitor() noexcept;
  void monitor() noexcept;
  bool everybody_sleeps() const noexcept;
  void look_after_stuck_workers() noexcept;
  static bool is_stuck(stealing_worker&) noexcept;
  bool hand_over_blocked_workers() noexcept;  // true: look again soon
  static void note_long_waits() noexcept;

  std::atomic<stealing_worker*> workers_[maximum_workers] = {};
  std::atomic<std::uint32_t> slots_{0};  // workers that exist; slots are never given back

  // What every switch and every ready() looks at, apart from what changes often.
  alignas(64) std::atomic<std::uint32_t> stop_{0};  // stop_reason bits
  const bool migrates_;
  std::atomic<stealing_worker*> exiting_{nullptr};  // runs main's end: is not stopped. Set before stop_.
  std::atomic<std::uint32_t> target_;          // workers that may be active: procs_ + spares_ + handed_over_
  std::atomic<std::uint32_t> spares_{0};       // one for each stuck worker; the monitor's
  std::atomic<std::uint32_t> handed_over_{0};  // one for each worker that was found in blocking()
  std::atomic<int> procs_;
  std::atomic<bool> monitor_started_{false};

  alignas(64) std::atomic<std::uint32_t> spinning_{0};
  std::atomic<std::uint32_t> sleepers_{0};  // workers that could be woken: idle, or not started yet
  std::atomic<stealing_worker*> timekeeper_{nullptr};  // the idle worker that wakes for the next timer
  std::atomic<std::int64_t> keeps_until_{0};
  std::atomic<bool> watched_{false};      // an idle worker looks from time to time by itself
  std::atomic<bool> passed_over_{false};  // and was not called since it last looked, though there was work

  alignas(64) mutable spin_mutex idle_mutex_;
  stealing_worker* idle_list_ SNAG_GUARDED_BY(idle_mutex_) = nullptr;
  std::atomic<std::uint32_t> idle_{0};    // written under idle_mutex_
  std::atomic<std::uint32_t> active_{0};  // not dormant, idle ones included; written under idle_mutex_
  std::atomic<std::uint32_t> frozen_{0};  // stopped for the end of the program

  alignas(64) spin_mutex global_mutex_;
  goroutine* global_first_ SNAG_GUARDED_BY(global_mutex_) = nullptr;
  goroutine* global_last_ SNAG_GUARDED_BY(global_mutex_) = nullptr;
  std::atomic<std::uint32_t> global_size_{0};

  timer_heap outside_timers_{timer_heap::precision::early};  // started by foreign threads
  std::atomic<std::int64_t> outside_alive_{0};               // spawned by foreign threads
  std::atomic<std::uint32_t> monitor_call_{0};               // futex word
  std::atomic<bool> monitor_sleeps_{false};
  std::atomic<std::int64_t> monitor_pause_{0};  // nanoseconds between its looks
};

}  // namespace snag::detail
