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

namespace snag::detail {

class scheduler;
struct throw_record;

// What libstdc++ keeps per thread about exceptions (Itanium C++ ABI, 2.2.2); ours to keep per goroutine.
struct exception_state {
  void* caught = nullptr;
  unsigned uncaught = 0;
};

struct goroutine : events::actor {
  scheduler* home = nullptr;        // the scheduler that runs it; null for a foreign thread's proxy
  void* context = nullptr;          // boost.context fcontext while not running; null: not started
  stack_block stack;                // empty until first run: an unstarted goroutine owns no stack
  goroutine* queue_next = nullptr;  // link in run queues and wait queues
  std::atomic<events::wait_reason> reason{events::wait_reason::none};
  std::atomic<std::int64_t> waits_since{0};  // nanoseconds; 0: not known. Of the wait that `reason` names
  std::atomic<bool> alive{false};            // a dump shows it
  bool starts_main = false;                  // goroutine 1 of a program: its return ends the program
  bool ended_by_goexit = false;
  bool unwinding_goexit = false;         // between goexit() and the goroutine's first frame
  bool printing_panic = false;           // its last exception's text is being asked for
  bool own_closure = false;              // the closure has a heap block of its own
  std::uint32_t closure_alignment = 0;   // of that block
  std::uint32_t queue_index = 0;         // place among the runnable of a sequential scheduler
  fp_control floating_point{};           // at creation: threads inherit it from their creator too
  std::atomic<std::uint32_t> wake{0};    // proxies: the futex word
  std::atomic<std::uint8_t> holders{0};  // proxies: the thread, and whoever announced it
  int saved_errno = 0;                   // while not running
  exception_state exceptions;            // while not running
  throw_record* thrown = nullptr;        // where the last exceptions were thrown; made on the first throw
  events::goroutine_id parent = events::goroutine_id::none;
  const void* created_at = nullptr;  // return address of go()
  void (*run)(void*) = nullptr;      // calls and destroys the closure
  void* closure = nullptr;
  std::size_t stack_size = 0;  // asked for; 0: the default

  static constexpr std::size_t inline_closure = 80;
  alignas(16) std::byte closure_storage[inline_closure];
};

}  // namespace snag::detail
