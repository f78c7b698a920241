// SPDX-License-Identifier: Apache-2.0
#pragma once
// A worker of the work-stealing scheduler: its queue, its timers, and how it sleeps.
#include <pthread.h>
#include <sys/types.h>

#include "runtime/src/random.h"
#include "runtime/src/run_queue.h"
#include "runtime/src/timer_heap.h"
#include "runtime/src/worker.h"

namespace snag::detail {

class work_stealing;

class stealing_worker final : public worker {
 public:
  stealing_worker(work_stealing& home, std::uint32_t index) noexcept;

  work_stealing& steals_for() const noexcept;

  // Who runs after the goroutine that is leaving; null: see the scheduler's stack (nobody here, a timer is
  // due, or this worker is to stop).
  goroutine* next_here() noexcept;
  void push(goroutine&) noexcept;  // to the tail; what does not fit goes to the global queue
  bool timer_due() noexcept;       // cheap: reads the clock every few microseconds only

  // Nobody else is awake, so nobody is there to steal from: whether to wait awake for a moment all the same,
  // for a thread outside that may make somebody runnable. Not for a lock: a thread that holds it and takes it
  // again gets more done than two that have it in turns. And more and more seldom where it was in vain.
  bool stays_awake_alone() noexcept;
  void stayed_awake_alone(bool found) noexcept;

  const std::uint32_t index;
  run_queue queue;
  timer_heap timers{timer_heap::precision::early};
  random_generator random;
  std::atomic<bool> preempt{false};  // the monitor wants the running goroutine to make room

  std::atomic<std::uint64_t> steals{0};  // written by this worker

  // --- Under the scheduler's idle_mutex_.
  stealing_worker* idle_next = nullptr;
  // lent: to a goroutine that is locked to the thread; vacant: without a thread, to be used again
  enum class state : std::uint8_t { active, idle, dormant, lent, vacant } where = state::active;

  // --- The worker's own.
  bool spinning = false;          // counted in work_stealing::spinning_
  goroutine* to_start = nullptr;  // taken off the queue, and needs a stack first
  std::uint32_t next_tick = 0;
  std::uint64_t next_id = 0;  // of the next goroutine that is started here, if any are left
  std::uint32_t ids_left = 0;
  std::uint32_t left_for_others = 0;  // with migrate=always

  // The last look found only what another worker was about to come to, or the last sleep ended because
  // somebody had work, or passed this worker over with some; see work_stealing::wake_for_run_next.
  bool looked_in_vain = false;
  nanoseconds watch{0};  // how long to sleep before looking again; 0: until called

  std::uint32_t sleeps_at_once = 0, next_sleeps_at_once = 0;  // how often; see stays_awake_alone

  // Sleeping: 0 while nobody called; see work_stealing::sleep.
  std::atomic<std::uint32_t> call{0};
  // What blocking() says here: a ticket for each call, and whether a spare worker came for it.
  enum blocking_state : std::uint32_t { not_blocking = 0, in_call = 1, handed_over = 2, state_mask = 3 };
  std::atomic<std::uint32_t> blocking{0};
  std::uint32_t last_ticket = 0;
  std::atomic<pid_t> thread{0};  // the kernel's id of the one that it is bound to
  // The monitor's: the call it last saw, the tick it last saw, and what the thread had computed by then.
  std::uint32_t seen_blocking = 0;
  std::uint64_t seen_tick = 0;
  nanoseconds computed_at_tick{0};

 private:
  // A goroutine in run-next inherits the time slice of the one that readied it, so a chatting pair shares one
  // slice; when it is used up, the next one queues behind the others. Counted in switches: a clock would cost
  // more.
  static constexpr std::uint32_t slice = 256;
  std::uint32_t slice_left_ = slice;
  std::uint64_t last_clock_look_ = 0;  // time stamp counter
};

}  // namespace snag::detail
