// SPDX-License-Identifier: Apache-2.0
#pragma once
// The deterministic scheduler: one worker, every decision from a policy and kept in a record, and a virtual
// clock that stands still while anybody can run and jumps to the next timer when nobody can.
//
// Two things keep a goroutine that never blocks from stopping the others. The operation budget: after so many
// scheduling points in a row it must make room. And patience: when scheduling points go by in great number
// while time stands still (somebody polls the clock), time moves on to the next timer.
//
// A foreign thread that readies one of its goroutines voids determinism; that is said once on stderr.
#include <memory>
#include <vector>

#include "runtime/src/policy.h"
#include "runtime/src/record_format.h"
#include "runtime/src/scheduler_core.h"

namespace snag::detail {

class sequential final : public scheduler {
 public:
  explicit sequential(std::unique_ptr<schedule_policy>, bool is_program) noexcept;
  ~sequential() override;

  // simulate(): runs on the calling thread until no goroutine is left.
  void run_to_end() noexcept;

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
  void freeze() noexcept override {}
  void outsider_left() noexcept override;
  bool timers_pending() noexcept override { return !timers_.is_idle(); }
  int max_procs(int) noexcept override { return 1; }
  std::int64_t alive() const noexcept override { return worker_.alive.load() + foreign_spawns_.load(); }

  counters count() const noexcept override;
  void before_fork() noexcept override;
  void after_fork(bool in_child) noexcept override;

  const schedule_record& record() const noexcept { return record_; }
  worker& the_worker() noexcept { return worker_; }

 private:
  void loop() noexcept;
  void wait_for_outsiders() noexcept;
  bool world_may_act() const noexcept;
  bool pass_real_time(nanoseconds until) noexcept;
  void take_injected() noexcept;
  std::uint32_t decide(std::uint32_t n) noexcept;
  goroutine* remove_runnable(std::size_t at) noexcept;
  void switch_to(worker& here, std::size_t at) noexcept;
  void count_point() noexcept;
  [[noreturn]] static void main_loop_entry(arrival) noexcept;

  static constexpr std::uint32_t operation_budget = 10'000;
  static constexpr std::uint32_t patience = 10'000'000;
  static constexpr std::uint32_t patience_lost = 100;  // once it ran out, until time jumps by itself again

  const bool is_program_;  // the process's scheduler, not a simulation inside it
  std::unique_ptr<schedule_policy> policy_;
  schedule_record record_;
  record_writer writer_;
  worker worker_;
  std::vector<goroutine*> runnable_;  // [i]->queue_index == i
  timer_heap timers_;
  std::atomic<std::int64_t> now_;  // virtual; starts at a fixed point
  std::uint64_t last_id_ = 0;      // of a simulation without observer
  std::uint32_t budget_ = operation_budget;
  std::uint32_t patience_ = patience;

  // From other threads.
  spin_mutex mutex_;
  goroutine* injected_ SNAG_GUARDED_BY(mutex_) = nullptr;
  std::atomic<std::uint32_t> injections_{0};  // futex word: changes with every injection
  std::atomic<bool> void_said_{false};
  std::atomic<std::int64_t> foreign_spawns_{0};
};

}  // namespace snag::detail
