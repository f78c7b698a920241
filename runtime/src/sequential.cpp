// SPDX-License-Identifier: Apache-2.0
#include "runtime/src/sequential.h"

#include <unistd.h>
#include <algorithm>
#include <cstdio>
#include <utility>

#include "runtime/src/check.h"
#include "runtime/src/fatal.h"
#include "runtime/src/futex.h"
#include "runtime/src/goroutine_table.h"
#include "runtime/src/io.h"
#include "runtime/src/thread_proxy.h"
#include "snag/detail/io.h"

namespace snag::detail {
namespace {

constexpr nanoseconds epoch = std::chrono::hours(24);  // a virtual run starts a day after boot, always

void say_void() noexcept {
  static constinit std::atomic<bool> io_said{false};
  const bool io = on_io_thread();
  if (io && io_said.exchange(true, std::memory_order_relaxed)) return;
  char line[128];
  const int length = std::snprintf(line, sizeof line,
                                   "snag: %s in a seeded run: its interleavings may differ from run to run\n",
                                   io ? "input or output takes part" : "a foreign thread takes part");
  [[maybe_unused]] const auto written = write(STDERR_FILENO, line, static_cast<std::size_t>(length));
}

void tell_idle() noexcept {
  if (events::observer* o = events::listening()) [[unlikely]]
    o->on_lull(events::lull::idle);
}

void make_ready_again(void* g) noexcept {
  auto& self = *static_cast<goroutine*>(g);
  self.home->make_ready(self, this_worker());
}

}  // namespace

sequential::sequential(std::unique_ptr<schedule_policy> policy, bool is_program) noexcept
    : is_program_(is_program),
      policy_(std::move(policy)),
      writer_(record_.bytes()),
      worker_(*this),
      now_(epoch.count()) {
  attention().fetch_add(policy_decides, std::memory_order_relaxed);
}

sequential::~sequential() { attention().fetch_sub(policy_decides, std::memory_order_relaxed); }

std::uint32_t sequential::decide(std::uint32_t n) noexcept {
  if (n < 2) return 0;
  const std::uint32_t answer = policy_->choose(n);
  writer_.append(n, answer);
  return answer;
}

std::uint32_t sequential::random_below(std::uint32_t n, worker*) noexcept {
  if (n < 2) return 0;
  const std::uint32_t answer = policy_->random_below(n);
  writer_.append(n, answer);
  return answer;
}

void sequential::make_ready(goroutine& g, worker* here) noexcept {
  if (here != nullptr) {
    g.queue_index = static_cast<std::uint32_t>(runnable_.size());
    runnable_.push_back(&g);
    return;
  }
  if (!void_said_.exchange(true, std::memory_order_relaxed)) say_void();
  // All of it under the lock: the goroutine may be the last of a simulation, which ends as soon as it has
  // run.
  spin_lock lock(mutex_);
  g.queue_next = injected_;
  injected_ = &g;
  injections_.fetch_add(1, std::memory_order_release);
  futex_wake(injections_, 1);
}

void sequential::make_ready_batch(goroutine* first, goroutine*, std::uint32_t) noexcept {
  while (first != nullptr) make_ready(*std::exchange(first, first->queue_next), nullptr);
}

void sequential::spawned(goroutine& g, worker* here) noexcept {
  if (here != nullptr)
    here->alive.store(here->alive.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  else
    foreign_spawns_.fetch_add(1, std::memory_order_relaxed);
  make_ready(g, here);
}

void sequential::take_injected() noexcept {
  goroutine* all;
  {
    spin_lock lock(mutex_);
    all = std::exchange(injected_, nullptr);
  }
  while (all != nullptr) {
    goroutine& g = *std::exchange(all, all->queue_next);
    make_ready(g, &worker_);
  }
}

goroutine* sequential::remove_runnable(std::size_t at) noexcept {
  goroutine* taken = runnable_[at];
  runnable_[at] = runnable_.back();
  runnable_[at]->queue_index = static_cast<std::uint32_t>(at);
  runnable_.pop_back();
  return taken;
}

goroutine* sequential::next(worker&, const goroutine*) noexcept {
  if (injections_.load(std::memory_order_relaxed) != 0) [[unlikely]]
    take_injected();
  if (goroutine* parking = worker_.running())
    parking->waits_since.store(coarse_time(nanoseconds(now_.load(std::memory_order_relaxed))),
                               std::memory_order_relaxed);
  budget_ = operation_budget;
  if (runnable_.empty()) return nullptr;
  return remove_runnable(decide(static_cast<std::uint32_t>(runnable_.size())));
}

// Time stands still while anybody can run. If nobody ever blocks, because somebody polls the clock, it moves
// on.
void sequential::count_point() noexcept {
  if (--patience_ > 0) return;
  patience_ = patience_lost;
  const nanoseconds next = timers_.next();
  const std::int64_t step = std::chrono::nanoseconds(std::chrono::milliseconds(1)).count();
  if (next != timer_heap::never)
    now_.store(std::max(now_.load(), next.count()));
  else
    now_.fetch_add(step);
}

void sequential::switch_to(worker& here, std::size_t at) noexcept {
  goroutine* to = remove_runnable(at);
  budget_ = operation_budget;
  here.leave(to, make_ready_again, here.running());
}

void sequential::point(worker& here) noexcept {
  if (here.running() == nullptr) return;
  if (injections_.load(std::memory_order_relaxed) != 0) [[unlikely]]
    take_injected();
  count_point();
  // Timers that patience made due wait for the scheduler's stack.
  if (timers_.next().count() <= now_.load(std::memory_order_relaxed)) [[unlikely]]
    return here.leave(nullptr, make_ready_again, here.running());
  if (runnable_.empty()) return;
  if (--budget_ == 0) return switch_to(here, 0);
  const std::uint32_t choice = decide(static_cast<std::uint32_t>(runnable_.size()) + 1);
  if (choice > 0) switch_to(here, choice - 1);
}

void sequential::yield(worker& here) noexcept { point(here); }

nanoseconds sequential::now() noexcept { return nanoseconds(now_.load(std::memory_order_relaxed)); }

timer_heap& sequential::timers(worker*) noexcept { return timers_; }

void sequential::timer_started(timer_heap&, nanoseconds, bool) noexcept {
  if (this_worker() == &worker_) return;
  injections_.fetch_add(1, std::memory_order_release);
  futex_wake(injections_, 1);
}

events::goroutine_id sequential::next_id(worker*) noexcept {
  // A simulation counts from 1, so that its output repeats, unless an observer needs ids that never do.
  if (is_program_ || events::listening() != nullptr)
    return static_cast<events::goroutine_id>(goroutine_table::take_ids(1));
  return static_cast<events::goroutine_id>(++last_id_);
}

void sequential::wait_for_outsiders() noexcept {
  const std::uint32_t seen = injections_.load(std::memory_order_acquire);
  {
    spin_lock lock(mutex_);
    if (injected_ != nullptr) return;
  }
  switch (outsiders()) {
    case outside::none: {
      const spin_lock lock(mutex_);
      if (injected_ != nullptr) return;  // the last thing an outsider did
    }
      if (release_main()) return;
      die_of_deadlock(this);
    case outside::may_act:
      tell_idle();
      // The end of an outsider is told to the process's scheduler only.
      futex_wait(injections_, seen,
                 is_program_ ? nanoseconds::max() : now_real() + std::chrono::milliseconds(100));
      break;
    case outside::unknown:
      tell_idle();
      futex_wait(injections_, seen, now_real() + std::chrono::milliseconds(100));
      break;
  }
}

bool sequential::world_may_act() const noexcept {
  return io_pending() || (is_program_ && known_outsider_acts());
}

// While input or output is awaited, or a thread outside acts, virtual time goes no faster than the world that
// they belong to: or every timeout would come before every answer. False: somebody was made ready first.
bool sequential::pass_real_time(nanoseconds until) noexcept {
  const std::uint32_t seen = injections_.load(std::memory_order_acquire);
  {
    spin_lock lock(mutex_);
    if (injected_ != nullptr) return false;
  }
  if (!world_may_act()) return true;
  const nanoseconds began = now_real();
  const nanoseconds virtual_now = now();
  if (!futex_wait(injections_, seen, began + (until - virtual_now))) return true;
  now_.store(std::min(virtual_now + (now_real() - began), until).count(), std::memory_order_relaxed);
  return false;
}

void sequential::outsider_left() noexcept {
  injections_.fetch_add(1, std::memory_order_release);
  futex_wake(injections_, 1);
}

void sequential::loop() noexcept {
  for (;;) {
    if (injections_.load(std::memory_order_relaxed) != 0) take_injected();
    if (timers_.next().count() <= now_.load(std::memory_order_relaxed)) timers_.fire_due(now());
    if (goroutine* g = next(worker_, nullptr)) {
      worker_.run(*g);
      continue;
    }
    if (const nanoseconds due = timers_.next(); due != timer_heap::never) {
      tell_idle();
      if (world_may_act() && !pass_real_time(due)) continue;
      if (due.count() > now_.load(std::memory_order_relaxed)) {
        now_.store(due.count(), std::memory_order_relaxed);
        patience_ = patience;
      }
    } else if (!is_program_ && alive() == 0) {
      return;
    } else {
      wait_for_outsiders();
    }
  }
}

void sequential::run_to_end() noexcept {
  worker* previous = worker_.bind_thread();
  loop();
  worker::unbind_thread(previous);
}

void sequential::main_loop_entry(arrival arrived) noexcept {
  worker::arrive_at_scheduler(arrived);
  static_cast<sequential&>(this_worker()->home()).loop();
  __builtin_unreachable();
}

void sequential::adopt_main(goroutine& main) noexcept {
  worker_.bind_thread();
  worker_.adopt(main);
  worker_.alive.fetch_add(1);
  worker_.set_scheduler_stack(stack_arena::instance().allocate(0).bounds(), main_loop_entry);
}

}  // namespace snag::detail
