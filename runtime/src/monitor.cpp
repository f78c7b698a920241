// SPDX-License-Identifier: Apache-2.0
// The monitor thread: what no worker can do because all may be busy. Sleeps while everybody does.
#include <fcntl.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <string_view>
#include <utility>

#include "runtime/src/futex.h"
#include "runtime/src/goroutine_table.h"
#include "runtime/src/signals.h"
#include "runtime/src/thread_proxy.h"
#include "runtime/src/work_stealing.h"

namespace snag::detail {
namespace {
constexpr nanoseconds period = std::chrono::milliseconds(10);
constexpr nanoseconds shortest = std::chrono::microseconds(20);        // while somebody blocks
constexpr nanoseconds longest_delay = std::chrono::microseconds(200);  // worth a system call to shorten
constexpr std::uint32_t trim_every = 100;                              // periods
}  // namespace

void work_stealing::start_monitor() noexcept {
  if (monitor_started_.exchange(true, std::memory_order_relaxed)) return;
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, 64 << 10);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  {
    const without_signals quiet;
    const internal_thread_scope internal;
    pthread_t thread;
    // Without a monitor only stuck workers go unnoticed.
    if (pthread_create(
            &thread, &attributes,
            [](void* self) -> void* {
              register_internal_thread();
              pthread_setname_np(pthread_self(), "snag-monitor");
              static_cast<work_stealing*>(self)->monitor();
              return nullptr;
            },
            this) != 0)
      monitor_started_.store(false, std::memory_order_relaxed);
  }
  pthread_attr_destroy(&attributes);
}

bool work_stealing::everybody_sleeps() const noexcept {
  return idle_.load(std::memory_order_seq_cst) + frozen_.load(std::memory_order_seq_cst) ==
         active_.load(std::memory_order_seq_cst);
}

void work_stealing::monitor() noexcept {
  nanoseconds pause = period, looked = now_real();
  for (std::uint32_t passes = 0;;) {
    std::uint32_t seen = monitor_call_.load(std::memory_order_acquire);
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
    // Whoever begins to block between the look and the sleep sees how long the pause is, and ends it.
    monitor_pause_.store(pause.count(), std::memory_order_seq_cst);
    seen = monitor_call_.load(std::memory_order_seq_cst);
    pause = hand_over_blocked_workers() ? shortest : std::min(2 * pause, period);
    futex_wait(monitor_call_, seen, now_real() + pause);
    if (const nanoseconds time = now_real(); time - looked >= period) {
      looked = time;
      look_after_stuck_workers();
      if (++passes % trim_every != 0) continue;
      note_long_waits();
      stack_arena::instance().trim();
    }
  }
}

// --- Calls that block.

std::uint32_t work_stealing::begin_blocking(worker& here) noexcept {
  if (!monitor_started_.load(std::memory_order_relaxed)) [[unlikely]]
    start_monitor();
  auto& w = static_cast<stealing_worker&>(here);
  const std::uint32_t ticket = w.last_ticket += stealing_worker::state_mask + 1;
  const std::uint32_t before =
      w.blocking.exchange(ticket | stealing_worker::in_call, std::memory_order_seq_cst);
  // Somebody parked in the middle of his call, and this worker has run others since.
  if ((before & stealing_worker::state_mask) == stealing_worker::handed_over) [[unlikely]] {
    handed_over_.fetch_sub(1, std::memory_order_relaxed);
    update_target();
  }
  if (monitor_pause_.load(std::memory_order_seq_cst) > longest_delay.count()) [[unlikely]] {
    monitor_call_.fetch_add(1, std::memory_order_seq_cst);
    futex_wake(monitor_call_, 1);
  }
  return ticket;
}

void work_stealing::end_blocking(worker& begun_on, std::uint32_t ticket) noexcept {
  auto& w = static_cast<stealing_worker&>(begun_on);
  std::uint32_t state = ticket | stealing_worker::in_call;
  if (w.blocking.compare_exchange_strong(state, stealing_worker::not_blocking, std::memory_order_seq_cst))
    return;
  if (state != (ticket | stealing_worker::handed_over)) return;  // somebody else's call by now
  if (!w.blocking.compare_exchange_strong(state, stealing_worker::not_blocking, std::memory_order_seq_cst))
    return;
  handed_over_.fetch_sub(1, std::memory_order_relaxed);
  update_target();
}

bool work_stealing::hand_over_blocked_workers() noexcept {
  bool any = false;
  std::uint32_t given = 0;
  for_each_worker([&](stealing_worker& w) {
    std::uint32_t state = w.blocking.load(std::memory_order_seq_cst);
    const bool seen_before = state == std::exchange(w.seen_blocking, state);
    if ((state & stealing_worker::state_mask) != stealing_worker::in_call) return;
    any = true;
    if (!seen_before) return;
    handed_over_.fetch_add(1, std::memory_order_relaxed);  // first: its end takes it back
    const std::uint32_t given_away = (state & ~stealing_worker::state_mask) | stealing_worker::handed_over;
    if (w.blocking.compare_exchange_strong(state, given_away, std::memory_order_seq_cst))
      ++given;
    else
      handed_over_.fetch_sub(1, std::memory_order_relaxed);
  });
  if (given > 0 && !frozen()) update_target();
  return any;
}

// Since when somebody waits is for dumps, in minutes: a look each second will do, and parking reads no clock.
// (A goroutine that goes on meanwhile parks anew before its note could be believed.)
void work_stealing::note_long_waits() noexcept {
  const std::uint32_t time = coarse_time(now_real());
  goroutine_table::instance().for_each_alive([&](goroutine& g) {
    if (g.reason.load(std::memory_order_relaxed) != wait_reason::none &&
        g.waits_since.load(std::memory_order_relaxed) == 0)
      g.waits_since.store(time, std::memory_order_relaxed);
  });
}

namespace {

// Processor time of a thread; clock_gettime(3), of which pthread_getcpuclockid knows only living threads.
nanoseconds computed_by(pid_t thread) noexcept {
  constexpr clockid_t per_thread_schedule = 6;
  timespec t{};
  if (clock_gettime(static_cast<clockid_t>(~static_cast<unsigned>(thread) << 3) | per_thread_schedule, &t) !=
      0)
    return nanoseconds(0);
  return std::chrono::seconds(t.tv_sec) + nanoseconds(t.tv_nsec);
}

// Runs or could, as opposed to: waits in the kernel. False if that cannot be told.
bool is_runnable(pid_t thread) noexcept {
  char text[64];
  std::snprintf(text, sizeof text, "/proc/self/task/%d/stat", thread);
  const auto file = static_cast<int>(syscall(SYS_openat, AT_FDCWD, text, O_RDONLY | O_CLOEXEC));
  if (file < 0) return false;
  const long length =
      syscall(SYS_read, file, text, sizeof text);  // "ID (NAME) R", the name 15 characters at most
  syscall(SYS_close, file);
  const std::string_view line(text, static_cast<std::size_t>(std::max(length, 0L)));
  const std::size_t name_ends = line.rfind(')');
  return name_ends != line.npos && line.substr(name_ends).starts_with(") R");
}

}  // namespace

// A worker that has not switched for a period is stuck if it has computed all the time, or waits in the
// kernel. One that waits for a processor, since there are more threads than those, is not: a spare for it
// would wait beside it, look as stuck, and get a spare in turn.
bool work_stealing::is_stuck(stealing_worker& w) noexcept {
  if (w.where != stealing_worker::state::active || w.running() == nullptr) return false;
  const pid_t thread = w.thread.load(std::memory_order_relaxed);
  const nanoseconds computed = computed_by(thread);
  if (const std::uint64_t tick = w.tick.load(std::memory_order_relaxed); tick != w.seen_tick) {
    w.seen_tick = tick;
    w.computed_at_tick = computed;
    return false;
  }
  return computed - w.computed_at_tick >= period * 8 / 10 || !is_runnable(thread);
}

void work_stealing::look_after_stuck_workers() noexcept {
  if (frozen()) return;
  const bool work_waits = work_visible() || any_timer_due();
  std::uint32_t stuck = 0;
  bool preempting = false;
  const auto look_at = [&](stealing_worker& w) {
    const bool replaced = (w.blocking.load(std::memory_order_relaxed) & stealing_worker::state_mask) ==
                          stealing_worker::handed_over;
    if (!is_stuck(w) || replaced) return;
    ++stuck;
    if (work_waits) preempting = true, w.preempt.store(true, std::memory_order_relaxed);
  };
  {
    spin_lock lock(idle_mutex_);
    for_each_worker(look_at);
  }
  if (preempting)
    attention().fetch_or(monitor_asks, std::memory_order_relaxed);
  else
    attention().fetch_and(~monitor_asks, std::memory_order_relaxed);
  // Spares come only when work waits, but stay while their worker is stuck: it may be waiting for theirs.
  const std::uint32_t spares = spares_.load(std::memory_order_relaxed);
  const std::uint32_t wanted = work_waits ? stuck : std::min(stuck, spares);
  if (wanted != spares) {
    spares_.store(wanted, std::memory_order_relaxed);
    update_target();
  } else if (work_waits) {
    wake_for_work();
  }
}

}  // namespace snag::detail
