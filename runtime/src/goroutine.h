// SPDX-License-Identifier: Apache-2.0
#pragma once
// The control block of a goroutine, or of a foreign OS thread that uses the primitives (its proxy).
// Fields are written by the goroutine itself or by whoever holds it while it is parked; see scheduler.h.
// Blocks are recycled but never unmapped (goroutine_table.h), so that a dump may walk them at any time.
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>

#include "runtime/events.h"
#include "runtime/src/context_switch.h"
#include "runtime/src/stack_arena.h"
#include "snag/detail/current.h"

namespace snag::detail {

class bubble;
class scheduler;
class worker;
struct throw_record;

struct goroutine : events::actor {
  scheduler* home = nullptr;  // the scheduler that runs it; null for a foreign thread's proxy, and while
                              // locked to its OS thread (os_thread.h)
  // Where it is while it does not run.
  union {
    fp_control
        floating_point{};      // not started: what it starts with; threads inherit it from their creator, too
    void* context;             // parked: boost.context fcontext
    const void* parked_frame;  // parked together with its thread: where its stack starts for a dump
  };
  stack_block stack;                // empty until first run: an unstarted goroutine owns no stack
  goroutine* queue_next = nullptr;  // link in run queues and wait queues
  throw_record* thrown = nullptr;   // where the last exceptions were thrown; made on the first throw
  events::goroutine_id parent = events::goroutine_id::none;
  const void* created_at = nullptr;    // return address of go()
  void (*run)(void*) = nullptr;        // calls and destroys the closure
  bubble* in_bubble = nullptr;         // null: in none
  worker* lent_worker = nullptr;       // locked: its thread's, which runs nobody else until it is taken back
  std::uint32_t queue_index = 0;       // place among the runnable of a sequential scheduler
  std::atomic<std::uint32_t> wake{0};  // proxies: the futex word
  std::atomic<std::uint32_t> waits_since{0};  // coarse_time, 0: not known. Of the wait that `reason` names
  std::uint16_t thread_locks = 0;             // lock_os_thread() less unlock_os_thread()
  std::atomic<std::uint8_t> holders{0};       // proxies: the thread, and whoever announced it
  std::uint8_t closure_alignment = 0;         // of its own block; log2
  std::uint8_t stack_wish = 0;                // log2 of the bytes asked for; 0: the default
  std::atomic<events::wait_reason> reason{events::wait_reason::none};
  std::atomic<bool> alive{false};     // a dump shows it
  std::atomic<bool> competes{false};  // was woken to compete for a lock, and has not looked yet
  bool waits_inside = false;          // what it is about to wait for belongs to its bubble
  bool durable = false;               // parked, and its bubble does not count it as running
  // Only whoever runs it, or is about to, touches these.
  bool started : 1 = false;
  bool starts_main : 1 = false;  // goroutine 1 of a program: its return ends the program
  bool ended_by_goexit : 1 = false;
  bool unwinding_goexit : 1 = false;  // between goexit() and the goroutine's first frame
  bool own_closure : 1 = false;       // the closure has a heap block of its own
  bool closure_is_here : 1 = false;   // in closure_storage; else that holds the closure's address
  bool background : 1 = false;        // proxies: see new_background_proxy
  bool stayed_in_parent : 1 = false;  // this is the child of a fork, to which it did not come
  bool printing_panic : 1 = false;    // its last exception's text is being asked for

  // The size is what keeps a million of them, each with a page of stack, below 4.4 KB.
  static constexpr std::size_t inline_closure = 32;
  alignas(16) std::byte closure_storage[inline_closure];

  // As if newly constructed, but for a monitor or a dump that looks at the block meanwhile.
  void reset() noexcept {
    id = events::goroutine_id::none;
    kind = events::actor_kind::goroutine;
    name = nullptr;
    slot = {};
    home = nullptr;
    floating_point = {};
    stack = {};
    queue_next = nullptr;
    thrown = nullptr;
    parent = events::goroutine_id::none;
    created_at = nullptr;
    run = nullptr;
    in_bubble = nullptr;
    lent_worker = nullptr;
    queue_index = 0;
    wake.store(0, std::memory_order_relaxed);
    waits_since.store(0, std::memory_order_relaxed);
    thread_locks = 0;
    holders.store(0, std::memory_order_relaxed);
    closure_alignment = 0;
    stack_wish = 0;
    reason.store(events::wait_reason::none, std::memory_order_relaxed);
    alive.store(false, std::memory_order_relaxed);
    competes.store(false, std::memory_order_relaxed);
    waits_inside = durable = false;
    started = starts_main = ended_by_goexit = unwinding_goexit = false;
    own_closure = closure_is_here = background = stayed_in_parent = printing_panic = false;
  }

  void* closure() noexcept {
    return closure_is_here ? closure_storage : *reinterpret_cast<void**>(closure_storage);
  }
  void set_closure_elsewhere(void* at) noexcept {
    closure_is_here = false;
    *reinterpret_cast<void**>(closure_storage) = at;
  }
};
// Seconds of the scheduler's clock, never 0: for waits that a dump tells in minutes.
inline std::uint32_t coarse_time(std::chrono::nanoseconds time) noexcept {
  return static_cast<std::uint32_t>(std::chrono::duration_cast<std::chrono::seconds>(time).count() + 1);
}
static_assert(sizeof(goroutine) <= 176);

// What running_goroutine() reads. Written by the worker at every switch.
extern "C" [[gnu::tls_model("initial-exec")]] constinit thread_local goroutine* snag_running_goroutine;

}  // namespace snag::detail
