// SPDX-License-Identifier: Apache-2.0
#include "runtime/src/scheduler.h"

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <cstring>
#include <new>

#include "runtime/options.h"
#include "runtime/src/bubble.h"
#include "runtime/src/check.h"
#include "runtime/src/closure.h"
#include "runtime/src/futex.h"
#include "runtime/src/goroutine_table.h"
#include "runtime/src/scheduler_core.h"
#include "runtime/src/thread_proxy.h"
#include "runtime/src/wait_sites.h"

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

extern "C" {
constinit std::uint32_t snag_attention = 0;
}

goroutine& current_outside() noexcept {
  worker* here = calling_worker();
  if (here != nullptr && here->running() != nullptr) return *here->running();
  return current_proxy();
}

void park(void (*commit)(void*), void* argument, wait_reason reason) noexcept {
  if (wait_sites::collecting()) [[unlikely]]
    return park_timed(commit, argument, reason);
  park_now(commit, argument, reason);
}

void park_now(void (*commit)(void*), void* argument, wait_reason reason) noexcept {
  worker* here = calling_worker();
  if (here == nullptr) return park_proxy(current_proxy(), commit, argument, reason);
  goroutine* self = here->running();
  SNAG_CHECK(self != nullptr, "park on a scheduler's stack");
  bubble_park inside{commit, argument, self->in_bubble};
  if (self->in_bubble != nullptr) [[unlikely]] {
    if (self->in_bubble->parks_durably(*self, reason)) commit = bubble_park::run, argument = &inside;
  }
  self->waits_since.store(0, std::memory_order_relaxed);
  self->reason.store(reason, std::memory_order_relaxed);
  goroutine* const next = here->home().next(*here);
  if (next == nullptr) here->left_for = reason;
  here->leave(next, commit, argument);
}

void park(spin_mutex& lock, wait_reason reason) noexcept SNAG_NO_THREAD_SAFETY_ANALYSIS {
  park(unlock_commit, &lock, reason);
}

void park(spin_lock& lock, wait_reason reason) noexcept SNAG_NO_THREAD_SAFETY_ANALYSIS {
  park(unlock_commit, &lock.release(), reason);
}

void ready(goroutine& g) noexcept {
  worker* here = this_worker();
  if (events::observer* o = events::listening()) [[unlikely]]
    o->on_unblocked(g, here == nullptr ? &current_proxy() : here->running());
  if (g.durable) [[unlikely]]
    g.in_bubble->runs_again(g);
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

bubble* current_bubble() noexcept {
  const worker* const here = this_worker();
  if (here != nullptr) return here->running() != nullptr ? here->running()->in_bubble : nullptr;
  const goroutine* const locked = locked_goroutine();
  return locked != nullptr ? locked->in_bubble : nullptr;
}

nanoseconds now(bubble* b) noexcept { return b != nullptr ? b->now() : scheduler_of(calling_worker()).now(); }

nanoseconds now() noexcept {
  worker* here = calling_worker();
  if (here == nullptr || (here->running() != nullptr && here->running()->in_bubble != nullptr)) [[unlikely]]
    return now(current_bubble());
  return here->home().now();
}

void start_timer(timer_node& node) noexcept {
  if (node.in_bubble != nullptr) [[unlikely]] {
    node.in_bubble->timers().insert(node);
    return;
  }
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

void await_timer(timer_node& node) noexcept { await_timer(node, node.heap.load(std::memory_order_acquire)); }

void await_timer(const timer_node& node, void* in) noexcept {
  const auto* heap = static_cast<timer_heap*>(in);
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
  // The default serves small wishes as well.
  if (options.stack_size > stack_arena::smallest_usable)
    g.stack_wish = static_cast<std::uint8_t>(std::min<int>(std::bit_width(options.stack_size - 1), 63));
  g.floating_point = read_fp_control();
  g.in_bubble = options.in_bubble != nullptr ? options.in_bubble : current_bubble();
  g.created_at = pc;
  g.parent = parent != nullptr ? parent->id : events::goroutine_id::none;
  return g;
}

void announce(goroutine& g, events::actor* parent) noexcept {
  if (events::observer* o = events::listening()) [[unlikely]]
    o->on_created(g, parent, {g.created_at});
  g.alive.store(true, std::memory_order_release);
  if (g.in_bubble != nullptr) [[unlikely]]
    g.in_bubble->began();
}

void set_off(goroutine& g) noexcept { g.home->spawned(g, own(this_worker(), g.home)); }

void launch(goroutine& g, events::actor* parent) noexcept {
  announce(g, parent);
  set_off(g);
}

goroutine& spawn(spawn_options options, void (*run)(void*), void* closure, events::actor* parent,
                 const void* pc) {
  goroutine& g = make_goroutine(options, parent, pc);
  g.run = run;
  g.set_closure_elsewhere(closure);
  launch(g, parent);
  return g;
}

}  // namespace snag::detail
