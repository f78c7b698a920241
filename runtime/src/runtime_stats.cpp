// SPDX-License-Identifier: Apache-2.0
#include "snag/runtime_stats.h"

#include <algorithm>
#include <map>

#include "runtime/src/dump.h"
#include "runtime/src/goroutine_table.h"
#include "runtime/src/racing_reads.h"
#include "runtime/src/scheduler_core.h"
#include "runtime/src/sequential.h"
#include "runtime/src/wait_sites.h"
#include "runtime/src/work_stealing.h"

namespace snag {
namespace detail {

scheduler::counters work_stealing::count() const noexcept {
  counters sum;
  const spin_lock lock(idle_mutex_);
  for_each_worker([&](const stealing_worker& w) {
    sum.ended += w.ended.load(std::memory_order_relaxed);
    sum.switches += w.tick.load(std::memory_order_relaxed);
    sum.steals += w.steals.load(std::memory_order_relaxed);
    sum.timers += w.timers.size();
    if (w.where == stealing_worker::state::active && w.running() != nullptr) ++sum.running;
  });
  sum.timers += outside_timers_.size();
  sum.workers = active_.load(std::memory_order_relaxed);
  return sum;
}

scheduler::counters sequential::count() const noexcept {
  counters sum;
  sum.ended = worker_.ended.load(std::memory_order_relaxed);
  sum.switches = worker_.tick.load(std::memory_order_relaxed);
  sum.timers = timers_.size();
  sum.workers = 1;
  sum.running = worker_.running() != nullptr ? 1 : 0;
  return sum;
}

}  // namespace detail

runtime_statistics runtime_stats() {
  detail::schedule_point();
  const detail::goroutine& self = detail::current();
  const detail::worker* const lent = self.lent_worker;
  const detail::scheduler& home = self.home != nullptr ? *self.home
                                  : lent != nullptr    ? lent->home()
                                                       : detail::default_scheduler();
  const detail::scheduler::counters counted = home.count();
  runtime_statistics stats;
  std::map<std::string, std::int64_t> waiting;
  std::int64_t locked_running = 0;
  detail::goroutine_table::instance().for_each_alive([&](const detail::goroutine& g) {
    const detail::racing_reads it_may_run;
    const bool belongs = g.home == &home || (g.lent_worker != nullptr && &g.lent_worker->home() == &home);
    if (!belongs || g.kind != events::actor_kind::goroutine) return;
    ++stats.goroutines;
    const auto reason = g.reason.load(std::memory_order_relaxed);
    if (reason != events::wait_reason::none) ++waiting[detail::words(reason)];
    if (g.lent_worker != nullptr && reason == events::wait_reason::none) ++locked_running;
    if (g.thread_locks > 0) ++stats.locked_to_threads;
    const detail::stack_block stack = g.stack;
    if (!g.starts_main && stack.low != nullptr && stack.high != nullptr)  // not while it gets or loses it
      stats.stack_bytes += static_cast<std::size_t>(stack.high - stack.low);
  });
  std::int64_t waits = 0;
  for (const auto& [reason, count] : waiting) {
    stats.waiting.push_back({reason, count});
    waits += count;
  }
  stats.running = std::min<std::int64_t>(counted.running + locked_running, stats.goroutines - waits);
  stats.runnable = stats.goroutines - waits - stats.running;
  stats.created = counted.ended + static_cast<std::uint64_t>(stats.goroutines);
  stats.ended = counted.ended;
  stats.switches = counted.switches;
  stats.steals = counted.steals;
  stats.workers = counted.workers;
  stats.timers = counted.timers;
  stats.pooled_stacks = detail::stack_arena::instance().pooled();
  if (detail::wait_sites::collecting()) stats.wait_sites = detail::wait_sites::instance().snapshot();
  return stats;
}

void collect_wait_sites(bool on) { detail::wait_sites::collect(on); }

}  // namespace snag
