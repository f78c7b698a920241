// SPDX-License-Identifier: Apache-2.0
// The monitor thread: what no worker can do because all may be busy. Sleeps while everybody does.
#include <pthread.h>
#include <signal.h>

#include <algorithm>

#include "runtime/src/futex.h"
#include "runtime/src/goroutine_table.h"
#include "runtime/src/thread_proxy.h"
#include "runtime/src/work_stealing.h"

namespace snag::detail {
namespace {
constexpr nanoseconds period = std::chrono::milliseconds(10);
constexpr std::uint32_t trim_every = 100;  // periods
}  // namespace

void work_stealing::start_monitor() noexcept {
  if (monitor_started_.exchange(true, std::memory_order_relaxed)) return;
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, 64 << 10);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);  // signals are for threads that run the program
  {
    const internal_thread_scope internal;
    pthread_t thread;
    // Without a monitor only stuck workers go unnoticed.
    if (pthread_create(
            &thread, &attributes,
            [](void* self) -> void* {
              register_internal_thread();
              static_cast<work_stealing*>(self)->monitor();
              return nullptr;
            },
            this) != 0)
      monitor_started_.store(false, std::memory_order_relaxed);
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  pthread_attr_destroy(&attributes);
}

bool work_stealing::everybody_sleeps() const noexcept {
  return idle_.load(std::memory_order_seq_cst) + frozen_.load(std::memory_order_seq_cst) ==
         active_.load(std::memory_order_seq_cst);
}

void work_stealing::monitor() noexcept {
  for (std::uint32_t passes = 1;; ++passes) {
    const std::uint32_t seen = monitor_call_.load(std::memory_order_acquire);
    monitor_sleeps_.store(true, std::memory_order_seq_cst);
    if (everybody_sleeps()) {
      // A long quiet: what the pool did not need before, it hardly needs now.
      if (futex_wait(monitor_call_, seen, now_real() + trim_every * period)) {
        monitor_sleeps_.store(false, std::memory_order_relaxed);
        continue;
      }
      note_long_waits();
      stack_arena::instance().trim();
      if (everybody_sleeps()) futex_wait(monitor_call_, seen, nanoseconds::max());
    }
    monitor_sleeps_.store(false, std::memory_order_relaxed);
    futex_wait(monitor_call_, monitor_call_.load(), now_real() + period);
    look_after_stuck_workers();
    if (passes % trim_every != 0) continue;
    note_long_waits();
    stack_arena::instance().trim();
  }
}

// Since when somebody waits is for dumps, in minutes: a look each second will do, and parking reads no clock.
// (A goroutine that goes on meanwhile parks anew before its note could be believed.)
void work_stealing::note_long_waits() noexcept {
  const std::int64_t time = now_real().count();
  goroutine_table::instance().for_each_alive([&](goroutine& g) {
    if (g.reason.load(std::memory_order_relaxed) != wait_reason::none &&
        g.waits_since.load(std::memory_order_relaxed) == 0)
      g.waits_since.store(time, std::memory_order_relaxed);
  });
}

void work_stealing::look_after_stuck_workers() noexcept {
  if (frozen()) return;
  const bool work_waits = work_visible() || any_timer_due();
  std::uint32_t stuck = 0;
  bool preempting = false;
  const auto look_at = [&](stealing_worker& w) {
    const std::uint32_t tick = w.tick.load(std::memory_order_relaxed);
    const bool stands =
        tick == w.seen_tick && w.where == stealing_worker::state::active && w.running() != nullptr;
    w.seen_tick = tick;
    w.periods_stuck = stands ? w.periods_stuck + 1 : 0;
    if (w.periods_stuck == 0) return;
    ++stuck;
    if (work_waits) preempting = true, w.preempt.store(true, std::memory_order_relaxed);
  };
  {
    spin_lock lock(idle_mutex_);
    for_each_worker(look_at);
  }
  if (preempting)
    attention.fetch_or(1, std::memory_order_relaxed);
  else
    attention.fetch_and(~1u, std::memory_order_relaxed);
  // Spares come only when work waits, but stay while their worker is stuck: it may be waiting for theirs.
  const auto procs = static_cast<std::uint32_t>(procs_.load(std::memory_order_relaxed));
  const std::uint32_t target = target_.load(std::memory_order_relaxed);
  const std::uint32_t wanted =
      procs + (work_waits ? stuck : std::min(stuck, target - std::min(target, procs)));
  if (wanted != target)
    set_target(std::min(wanted, maximum_workers));
  else if (work_waits)
    wake_for_work();
}

}  // namespace snag::detail
