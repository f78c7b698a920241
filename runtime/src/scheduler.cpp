// SPDX-License-Identifier: Apache-2.0
#include "runtime/src/scheduler.h"

#include <cstdlib>
#include <cstring>
#include <new>

#include "runtime/options.h"
#include "runtime/src/check.h"
#include "runtime/src/closure.h"
#include "runtime/src/futex.h"
#include "runtime/src/goroutine_table.h"
#include "runtime/src/scheduler_core.h"
#include "runtime/src/thread_proxy.h"

namespace snag::detail {
namespace {

void unlock_commit(void* mutex) noexcept SNAG_NO_THREAD_SAFETY_ANALYSIS {
  static_cast<spin_mutex*>(mutex)->unlock();
}

// The worker that runs the caller, if a goroutine is what calls. The main thread becomes one on first
// contact.
worker* calling_worker() noexcept {
  worker* here = this_worker();
  if (here == nullptr && adopt_main_thread()) here = this_worker();
  return here;
}

scheduler& scheduler_of(worker* here) noexcept {
  return here != nullptr ? here->home() : default_scheduler();
}

// `here` if it belongs to `home`.
worker* own(worker* here, const scheduler* home) noexcept {
  return here != nullptr && &here->home() == home ? here : nullptr;
}

}  // namespace

constinit std::atomic<std::uint32_t> attention{0};

[[gnu::noinline]] goroutine& current() noexcept {
  worker* here = calling_worker();
  if (here != nullptr && here->running() != nullptr) return *here->running();
  return current_proxy();
}

void park(void (*commit)(void*), void* argument, wait_reason reason) noexcept {
  worker* here = calling_worker();
  if (here == nullptr) return park_proxy(current_proxy(), commit, argument, reason);
  goroutine* self = here->running();
  SNAG_CHECK(self != nullptr, "park on a scheduler's stack");
  self->waits_since.store(0, std::memory_order_relaxed);
  self->reason.store(reason, std::memory_order_relaxed);
  here->leave(here->home().next(*here), commit, argument);
}

void park(spin_mutex& lock, wait_reason reason) noexcept SNAG_NO_THREAD_SAFETY_ANALYSIS {
  park(unlock_commit, &lock, reason);
}

void park(spin_lock& lock, wait_reason reason) noexcept SNAG_NO_THREAD_SAFETY_ANALYSIS {
  park(unlock_commit, &lock.release(), reason);
}

void ready(goroutine& g) noexcept {
  worker* here = this_worker();
  if (events::observer* o = events::installed()) [[unlikely]]
    o->on_unblocked(g, here == nullptr ? &current_proxy() : here->running());
  if (g.home == nullptr) return ready_proxy(g);
  g.reason.store(wait_reason::none, std::memory_order_relaxed);
  g.home->make_ready(g, own(here, g.home));
}

void yield_now() noexcept {
  worker* here = calling_worker();
  if (here == nullptr) {
    sched_yield();
    return;
  }
  if (here->running() != nullptr) here->home().yield(*here);
}

void schedule_point_slow() noexcept {
  worker* here = calling_worker();
  if (here != nullptr) here->home().point(*here);
}

std::uint32_t random_below(std::uint32_t n) noexcept {
  worker* here = calling_worker();
  return scheduler_of(here).random_below(n, here);
}

nanoseconds now() noexcept {
  worker* here = calling_worker();
  return scheduler_of(here).now();
}

void start_timer(timer_node& node) noexcept {
  worker* here = calling_worker();
  scheduler& home = scheduler_of(here);
  timer_heap& heap = home.timers(here);
  const nanoseconds when = node.when;  // the node may have fired, and be gone, once it is in the heap
  const bool earliest = heap.insert(node);
  home.timer_started(heap, when, earliest);
}

bool stop_timer(timer_node& node) noexcept {
  auto* heap = static_cast<timer_heap*>(node.heap.load(std::memory_order_acquire));
  return heap != nullptr && heap->remove(node);
}

void await_timer(timer_node& node) noexcept {
  const auto* heap = static_cast<timer_heap*>(node.heap.load(std::memory_order_acquire));
  for (unsigned i = 0; heap != nullptr && heap->firing(node); ++i) {
    if (i < 1000)
      __builtin_ia32_pause();
    else
      sched_yield();
  }
}

goroutine& make_goroutine(spawn_options options, events::actor* parent, const void* pc) noexcept {
  worker* here = calling_worker();
  scheduler& home = scheduler_of(here);
  goroutine& g = here != nullptr ? *here->take_block() : *goroutine_table::instance().allocate();
  g.home = &home;
  g.id = home.next_id(here);
  g.kind = events::actor_kind::goroutine;
  if (options.name != nullptr) g.name = strdup(options.name);
  // The default class serves smaller wishes as well.
  constexpr std::size_t usable = stack_arena::default_size - stack_arena::guard_size;
  g.stack_size = options.stack_size > usable ? options.stack_size : 0;
  g.floating_point = read_fp_control();
  g.created_at = pc;
  g.parent = parent != nullptr ? parent->id : events::goroutine_id::none;
  return g;
}

void launch(goroutine& g, events::actor* parent) noexcept {
  if (events::observer* o = events::installed()) [[unlikely]]
    o->on_created(g, parent, {g.created_at});
  g.alive.store(true, std::memory_order_release);
  worker* here = own(this_worker(), g.home);
  g.home->spawned(g, here);
}

goroutine& spawn(spawn_options options, void (*run)(void*), void* closure, events::actor* parent,
                 const void* pc) {
  goroutine& g = make_goroutine(options, parent, pc);
  g.run = run;
  g.closure = closure;
  launch(g, parent);
  return g;
}

}  // namespace snag::detail
