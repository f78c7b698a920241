// SPDX-License-Identifier: Apache-2.0
#pragma once
// The control block of a goroutine, or of a foreign OS thread that uses the primitives (its proxy).
// Fields are written by the goroutine itself or by whoever holds it while it is parked; see scheduler.h.
// Blocks are recycled but never unmapped (goroutine_table.h), so that a dump may walk them at any time.
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "runtime/events.h"
#include "runtime/src/context_switch.h"
#include "runtime/src/stack_arena.h"
#include "snag/detail/current.h"

namespace snag::detail {

class scheduler;
struct throw_record;

struct goroutine : events::actor {
  scheduler* home = nullptr;        // the scheduler that runs it; null for a foreign thread's proxy
  void* context = nullptr;          // boost.context fcontext while not running; null: not started
  stack_block stack;                // empty until first run: an unstarted goroutine owns no stack
  goroutine* queue_next = nullptr;  // link in run queues and wait queues
  std::atomic<events::wait_reason> reason{events::wait_reason::none};
  std::atomic<bool> alive{false};  // a dump shows it
  bool starts_main = false;        // goroutine 1 of a program: its return ends the program
  bool ended_by_goexit = false;
  bool unwinding_goexit = false;         // between goexit() and the goroutine's first frame
  bool own_closure = false;              // the closure has a heap block of its own
  bool closure_is_here = false;          // in closure_storage; else that holds the closure's address
  std::uint8_t closure_alignment = 0;    // of its own block; log2
  std::atomic<std::uint8_t> holders{0};  // proxies: the thread, and whoever announced it
  std::uint32_t stack_pages = 0;         // asked for, in pages of 4 KiB; 0: the default
  std::uint32_t queue_index = 0;         // place among the runnable of a sequential scheduler
  fp_control floating_point{};           // at creation: threads inherit it from their creator too
  std::atomic<std::uint32_t> wake{0};    // proxies: the futex word
  throw_record* thrown = nullptr;        // where the last exceptions were thrown; made on the first throw
  events::goroutine_id parent = events::goroutine_id::none;
  const void* created_at = nullptr;  // return address of go()
  void (*run)(void*) = nullptr;      // calls and destroys the closure

  // The size is what keeps a million of them, each with a page of stack, below 4.4 KB.
  static constexpr std::size_t inline_closure = 48;
  alignas(16) std::byte closure_storage[inline_closure];

  void* closure() noexcept {
    return closure_is_here ? closure_storage : *reinterpret_cast<void**>(closure_storage);
  }
  void set_closure_elsewhere(void* at) noexcept {
    closure_is_here = false;
    *reinterpret_cast<void**>(closure_storage) = at;
  }
};
static_assert(sizeof(goroutine) <= 192);

// What running_goroutine() reads. Written by the worker at every switch.
extern "C" [[gnu::tls_model("initial-exec")]] constinit thread_local goroutine* snag_running_goroutine;

}  // namespace snag::detail
