// SPDX-License-Identifier: Apache-2.0
#pragma once
// A scheduler as its goroutines and workers see it. Two kinds: work_stealing (several OS threads, real time)
// and sequential (one thread, a policy, virtual time). Work stealing is not reached through these virtual
// functions where it matters: scheduler.cpp calls a worker of that kind directly.
#include <atomic>
#include <cstdint>

#include "runtime/src/goroutine.h"
#include "runtime/src/scheduler.h"
#include "runtime/src/timer_heap.h"
#include "runtime/src/worker.h"

namespace snag::detail {

class scheduler {
 public:
  virtual ~scheduler() = default;

  // `here` is the calling thread's worker if it is one of this scheduler's, else null.
  virtual void make_ready(goroutine&, worker* here) noexcept = 0;
  // Several at once, linked by queue_next, from a thread that is nobody's worker.
  virtual void make_ready_batch(goroutine* first, goroutine* last, std::uint32_t count) noexcept = 0;
  virtual void spawned(goroutine&, worker* here) noexcept = 0;  // counts it as alive and makes it ready
  virtual void yield(worker& here) noexcept = 0;
  virtual void point(worker& here) noexcept = 0;
  // Who runs after the goroutine that parks here, or is `ending`; null: nobody yet, go to the scheduler's
  // stack.
  virtual goroutine* next(worker& here, const goroutine* ending = nullptr) noexcept = 0;
  virtual std::uint32_t random_below(std::uint32_t n, worker* here) noexcept = 0;
  virtual nanoseconds now() noexcept = 0;
  virtual timer_heap& timers(worker* here) noexcept = 0;
  virtual void timer_started(timer_heap&, nanoseconds when, bool earliest) noexcept = 0;
  virtual events::goroutine_id next_id(worker* here) noexcept = 0;

  // The calling thread, which runs goroutine 1 from now on, becomes a worker. Its scheduler gets another
  // stack.
  virtual void adopt_main(goroutine&) noexcept = 0;
  // Main has returned: nobody but the calling goroutine's worker starts anything from now on. Waits a little
  // for the others to notice.
  virtual void freeze() noexcept = 0;
  // An OS thread that might have woken somebody is gone or parked: see whether everybody is asleep now.
  virtual void outsider_left() noexcept = 0;
  virtual bool timers_pending() noexcept = 0;
  // The goroutine on `here` may block its thread from now on; the ticket goes to end_blocking, with the same
  // worker.
  virtual std::uint32_t begin_blocking(worker& here) noexcept { return 0; }
  virtual void end_blocking(worker& begun_on, std::uint32_t ticket) noexcept {}
  virtual int max_procs(int n) noexcept = 0;        // n < 1: only asks; the previous value
  virtual std::int64_t alive() const noexcept = 0;  // goroutines
  // What a goroutine that waits for nothing is doing, as far as another thread can see.
  enum class activity : std::uint8_t { runnable, running, blocking };
  virtual activity activity_of(const goroutine&) const noexcept { return activity::runnable; }
  struct counters {
    std::uint64_t ended = 0, switches = 0, steals = 0, timers = 0;
    std::uint32_t workers = 0, running = 0;
  };
  virtual counters count() const noexcept = 0;
  // Around fork(): only the calling goroutine lives on in the child, as with threads.
  virtual void before_fork() noexcept {}
  virtual void after_fork(bool in_child) noexcept {}

  // Released to by every goroutine that ends, for whoever waits for all of them (simulate); null: nobody
  // does.
  events::object* ends = nullptr;
  bool main_left = false;      // main called goexit()
  bool main_outlived = false;  // main called pthread_exit(): it waits until nobody else is left

  // Main's wait. Whoever finds everybody asleep asks `release_main`: true if main was the only one left, and
  // is ready now.
  void wait_for_everybody() noexcept;
  bool release_main() noexcept;

 protected:
  void forget_waiting_main() noexcept { waiting_main_.store(nullptr, std::memory_order_relaxed); }

 private:
  std::atomic<goroutine*> waiting_main_{nullptr};
};

// The process's scheduler, made on first use as SNAG_OPTIONS says. Null until then: peek.
scheduler& default_scheduler() noexcept;
scheduler* peek_default_scheduler() noexcept;

void save_record() noexcept;  // where `record=FILE` says

// Main called goexit(): it is over, the program is not.
[[noreturn]] void end_main_goroutine() noexcept;

// A goroutine's life around its closure; called on its own stack. exit of the process if it panics.
void run_goroutine(goroutine&) noexcept;

// Makes the main thread goroutine 1 if start.cpp saw it start and nobody did so yet. True: it is now.
bool adopt_main_thread() noexcept;
// Goroutine 1's stack above it is the process's: arguments, environment, libc's start. Null: not started by
// us.
extern const std::byte* first_frame_of_main;

}  // namespace snag::detail
