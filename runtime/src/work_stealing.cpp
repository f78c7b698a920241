// SPDX-License-Identifier: Apache-2.0
// Queues, readying and the workers' loop. Sleeping and waking: work_stealing_idle.cpp; the monitor:
// monitor.cpp.
#include "runtime/src/work_stealing.h"
#include "runtime/src/leaked.h"

#include <x86intrin.h>

#include <algorithm>
#include <utility>

#include "runtime/src/cpu_limit.h"
#include "runtime/src/futex.h"
#include "runtime/src/goroutine_table.h"

namespace snag::detail {
namespace {

stealing_worker& as_stealing(worker& w) noexcept { return static_cast<stealing_worker&>(w); }

void push_self(void* g) noexcept { as_stealing(*this_worker()).push(*static_cast<goroutine*>(g)); }

void push_self_global(void* g) noexcept {
  auto& self = *static_cast<goroutine*>(g);
  self.queue_next = nullptr;
  as_stealing(*this_worker()).steals_for().push_global(&self, &self, 1);
}

}  // namespace

work_stealing::work_stealing(int procs, bool migrates) noexcept : migrates_(migrates) {
  const int n = std::clamp(procs > 0 ? procs : default_procs(), 1, static_cast<int>(maximum_workers));
  procs_ = n;
  target_ = static_cast<std::uint32_t>(n);
  sleepers_ = static_cast<std::uint32_t>(n);
}

// --- Becoming runnable.

void work_stealing::make_ready(goroutine& g, worker* here) noexcept {
  if (here == nullptr || migrates_) [[unlikely]] {
    g.queue_next = nullptr;
    push_global(&g, &g, 1);
    std::atomic_thread_fence(std::memory_order_seq_cst);
  } else {
    // The exchange inside is the barrier; a displaced goroutine is published after it and needs another.
    if (push_first(as_stealing(*here), g)) return wake_for_run_next();
  }
  wake_for_work();
}

// To be the worker's next. True: that is all; false: it displaced another, which thieves may take.
bool work_stealing::push_first(stealing_worker& w, goroutine& g) noexcept {
  goroutine* const displaced = w.queue.push_next(g);
  if (displaced == nullptr) return true;
  w.push(*displaced);
  std::atomic_thread_fence(std::memory_order_seq_cst);
  return false;
}

void work_stealing::make_ready_batch(goroutine* first, goroutine* last, std::uint32_t count) noexcept {
  push_global(first, last, count);
  std::atomic_thread_fence(std::memory_order_seq_cst);
  wake_for_work();
}

void work_stealing::spawned(goroutine& g, worker* here) noexcept {
  if (!monitor_started_.load(std::memory_order_relaxed)) [[unlikely]]
    start_monitor();
  if (here != nullptr)
    here->alive.store(here->alive.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  else
    outside_alive_.fetch_add(1, std::memory_order_relaxed);
  if (here == nullptr) return make_ready(g, here);
  push_first(as_stealing(*here), g);
  wake_for_work();  // whoever starts a goroutine means to go on beside it
}

void work_stealing::push_global(goroutine* first, goroutine* last, std::uint32_t count) noexcept {
  spin_lock lock(global_mutex_);
  (global_last_ != nullptr ? global_last_->queue_next : global_first_) = first;
  global_last_ = last;
  global_size_.store(global_size_.load(std::memory_order_relaxed) + count, std::memory_order_release);
}

goroutine* work_stealing::pop_global(stealing_worker& w, std::uint32_t most) noexcept {
  if (global_size_.load(std::memory_order_relaxed) == 0) return nullptr;
  if (migrates_) [[unlikely]]
    return pop_migrant(w);
  goroutine* first;
  std::uint32_t count;
  {
    spin_lock lock(global_mutex_);
    const std::uint32_t size = global_size_.load(std::memory_order_relaxed);
    if (size == 0) return nullptr;
    const std::uint32_t share = size / std::max(1u, active_.load(std::memory_order_relaxed)) + 1;
    const std::uint32_t room = run_queue::capacity - w.queue.size();
    count = std::min({most, share, size, room});
    count = std::max(count, 1u);
    first = global_first_;
    goroutine* last = first;
    for (std::uint32_t i = 1; i < count; ++i) last = last->queue_next;
    global_first_ = std::exchange(last->queue_next, nullptr);
    if (global_first_ == nullptr) global_last_ = nullptr;
    global_size_.store(size - count, std::memory_order_release);
  }
  goroutine* result = std::exchange(first, first->queue_next);
  while (first != nullptr) w.push(*std::exchange(first, first->queue_next));
  return result;
}

// The first that another worker ran last (queue_index says who). One that ran here is left for somebody else
// for a while, who is woken for it; then taken after all.
goroutine* work_stealing::pop_migrant(stealing_worker& w) noexcept {
  constexpr std::uint32_t patience = 32;
  const std::uint32_t own = w.index + 1;
  const bool choosy = target_.load(std::memory_order_relaxed) > 1 && ++w.left_for_others % patience != 0;
  {
    spin_lock lock(global_mutex_);
    goroutine* before = nullptr;
    goroutine* taken = global_first_;
    while (taken != nullptr && choosy && taken->queue_index == own) {
      before = taken;
      taken = taken->queue_next;
    }
    if (taken != nullptr) {
      (before != nullptr ? before->queue_next : global_first_) = taken->queue_next;
      if (global_last_ == taken) global_last_ = before;
      global_size_.store(global_size_.load(std::memory_order_relaxed) - 1, std::memory_order_release);
      taken->queue_next = nullptr;
      taken->queue_index = own;
      return taken;
    }
  }
  wake_one(/*despite_spinners=*/true);
  sched_yield();
  return nullptr;
}

// --- Giving way.

// The lock that a parking goroutine holds is free only when the next one runs: what that one needs of the
// system first, it is given on the scheduler's stack, after the lock is free.
goroutine* work_stealing::next(worker& here, const goroutine* ending) noexcept {
  stealing_worker& w = as_stealing(here);
  goroutine* const g = w.next_here();
  if (g == nullptr || w.starts_at_once(*g, ending)) return g;
  w.to_start = g;
  return nullptr;
}

void work_stealing::yield(worker& here) noexcept {
  stealing_worker& w = as_stealing(here);
  goroutine* self = w.running();
  goroutine* next = w.next_here();
  if (next != nullptr) return w.leave(next, push_self, self);
  if (must_stop(w)) return w.leave(nullptr, push_self_global, self);
  if (w.timers.next() <= now_real() || any_timer_due()) w.leave(nullptr, push_self, self);
}

void work_stealing::point(worker& here) noexcept {
  stealing_worker& w = as_stealing(here);
  if (w.running() == nullptr) return;
  if (must_stop(w)) return w.leave(nullptr, push_self_global, w.running());
  if (w.preempt.load(std::memory_order_relaxed)) {
    w.preempt.store(false, std::memory_order_relaxed);
    yield(here);
  }
}

// --- The loop.

void work_stealing::loop(stealing_worker& w) noexcept {
  do w.run(*find(w));
  while (!w.ends_thread);
}

goroutine* work_stealing::find(stealing_worker& w) noexcept {
  for (;;) {
    if (must_stop(w)) {
      stop_here(w);
      continue;
    }
    if (w.to_start != nullptr) return std::exchange(w.to_start, nullptr);
    if (goroutine* g = look(w)) {
      stop_spinning_with_work(w);
      return g;
    }
    const std::uint32_t busy =
        active_.load(std::memory_order_relaxed) - idle_.load(std::memory_order_relaxed);
    const bool alone = busy <= 1;
    if ((w.spinning || 2 * spinning_.load(std::memory_order_relaxed) < busy) &&
        (!alone || w.stays_awake_alone())) {
      if (!w.spinning) {
        w.spinning = true;
        spinning_.fetch_add(1, std::memory_order_seq_cst);
      }
      goroutine* const g = spin(w);
      if (alone) w.stayed_awake_alone(g != nullptr);
      if (g != nullptr) {
        w.watch = nanoseconds::zero();
        stop_spinning_with_work(w);
        return g;
      }
      constexpr nanoseconds shortest = std::chrono::microseconds(200), longest = std::chrono::milliseconds(2);
      w.watch = w.looked_in_vain ? std::clamp(2 * w.watch, shortest, longest) : nanoseconds::zero();
    }
    sleep(w);
  }
}

void work_stealing::fire_timers(bool all, stealing_worker& w) noexcept {
  nanoseconds time{-1};
  const auto fire = [&](timer_heap& heap) {
    if (heap.next() == timer_heap::never) return;
    if (time.count() < 0) time = now_real();
    if (heap.next() <= time) heap.fire_due(time);
  };
  fire(w.timers);
  fire(outside_timers_);
  if (all) for_each_worker([&](stealing_worker& other) { fire(other.timers); });
}

goroutine* work_stealing::look(stealing_worker& w) noexcept {
  fire_timers(/*all=*/true, w);
  if (++w.next_tick % global_every == 0)
    if (goroutine* g = pop_global(w, 1)) return g;
  if (goroutine* g = w.queue.pop_next()) return g;
  if (goroutine* g = w.queue.pop()) return g;
  return pop_global(w, run_queue::capacity / 2);
}

goroutine* work_stealing::steal(stealing_worker& w, stealing_worker& victim) noexcept {
  goroutine* const g = w.queue.steal_from(victim.queue);
  if (g != nullptr) w.steals.store(w.steals.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  return g;
}

// Stays awake for some microseconds: a futex sleep and wake-up costs about that much on both sides.
//
// What a worker will come to by itself in a moment is best left to it: a goroutine in run-next runs as soon
// as the one that readied it parks, which is the usual reason for its being there; and those that were just
// let go on by the unlocking of a lock would only wait for it again, here, with the lock's cache lines going
// to and fro. So a thief takes
//   from a queue that has had a crowd in it for a microsecond: whoever adds to it adds more in that time, and
//   one theft of many costs both sides as much as one of a few;
//   from a queue that has not been empty whenever it looked for ten;
//   what stands while its worker does not switch.
// Looking costs the victim three cache misses. One that switches all the time, with hardly anything in its
// queue, is looked at more and more seldom, and soon not at all: see wake_for_run_next.
goroutine* work_stealing::spin(stealing_worker& w) noexcept {
  constexpr std::uint64_t patience = 40'000;  // cycles
  constexpr std::uint64_t crowd_rest = 2'500, queue_rest = 25'000, standing_rest = 10'000;
  constexpr unsigned fewest_pauses = 16, most_pauses = 128;
  const std::uint64_t start = __rdtsc();
  const stealing_worker* watched = nullptr;
  run_queue::view seen;
  std::uint64_t seen_tick = 0, seen_taken = 0, stands_since = 0, queued_since = 0;
  unsigned pauses = fewest_pauses;
  for (;;) {
    if (global_size_.load(std::memory_order_relaxed) > 0)
      if (goroutine* g = pop_global(w, run_queue::capacity / 2)) return g;
    if (must_stop(w)) return nullptr;
    const std::uint64_t time = __rdtsc();
    bool watching = false;
    const std::uint32_t n = slots_.load(std::memory_order_acquire), first = w.random.below(n);
    for (std::uint32_t i = 0; i < n && !watching; ++i) {
      stealing_worker& victim = slot((first + i) % n);
      if (&victim == &w || (watched != nullptr && watched != &victim)) continue;
      const run_queue::view now = victim.queue.look();
      if (now.next == nullptr && now.length == 0) continue;
      watching = true;
      const std::uint64_t tick = victim.tick.load(std::memory_order_relaxed);
      const std::uint32_t queued = victim.queue.waiting();
      if (watched != &victim || queued == 0) queued_since = time;
      const std::uint64_t taken = victim.locks_taken.load(std::memory_order_relaxed);
      const bool takes_again =
          seen_taken != taken && now.next != nullptr && now.next->competes.load(std::memory_order_relaxed);
      seen_taken = taken;
      if (watched != &victim || !seen.stands_in(now) || seen_tick != tick || takes_again) {
        if (watched == &victim && queued < run_queue::crowd) pauses *= 2;
        watched = &victim, seen = now, seen_tick = tick, stands_since = time;
      }
      const bool stands = time - stands_since > standing_rest;
      if (stands || time - queued_since > (queued < run_queue::crowd ? queue_rest : crowd_rest))
        if (goroutine* g = steal(w, victim)) return g;
      if (stands && now.next != nullptr && victim.queue.steal_next(now.next)) return now.next;
    }
    if (!watching) watched = nullptr;
    if (time - start > (watching ? 4 * patience : patience) || pauses > most_pauses) {
      w.looked_in_vain |= watching;
      return nullptr;
    }
    for (unsigned i = 0; i < pauses; ++i) _mm_pause();
  }
}

// --- Plain questions.

std::uint32_t work_stealing::random_below(std::uint32_t n, worker* here) noexcept {
  if (here != nullptr) return as_stealing(*here).random.below(n);
  static constinit spin_mutex mutex;
  static constinit leaked<random_generator> outside;
  spin_lock lock(mutex);
  return outside.get([] { return new random_generator(__rdtsc()); }).below(n);
}

nanoseconds work_stealing::now() noexcept { return now_real(); }

timer_heap& work_stealing::timers(worker* here) noexcept {
  return here != nullptr ? as_stealing(*here).timers : outside_timers_;
}

events::goroutine_id work_stealing::next_id(worker* here) noexcept {
  if (here == nullptr) return static_cast<events::goroutine_id>(goroutine_table::take_ids(1));
  constexpr std::uint32_t at_once = 16;  // as in Go
  stealing_worker& w = as_stealing(*here);
  if (w.ids_left == 0) w.next_id = goroutine_table::take_ids(w.ids_left = at_once);
  --w.ids_left;
  return static_cast<events::goroutine_id>(w.next_id++);
}

scheduler::activity work_stealing::activity_of(const goroutine& g) const noexcept {
  activity found = activity::runnable;
  for_each_worker([&](const stealing_worker& w) {
    if (w.running() != &g) return;
    const bool blocks = (w.blocking.load(std::memory_order_relaxed) & stealing_worker::state_mask) !=
                        stealing_worker::not_blocking;
    found = blocks ? activity::blocking : activity::running;
  });
  return found;
}

std::int64_t work_stealing::alive() const noexcept {
  std::int64_t sum = outside_alive_.load(std::memory_order_relaxed);
  for_each_worker([&](const stealing_worker& w) { sum += w.alive.load(std::memory_order_relaxed); });
  return sum;
}

}  // namespace snag::detail
