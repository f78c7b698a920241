// SPDX-License-Identifier: Apache-2.0
#pragma once
// The control block of a goroutine, or of a foreign OS thread that uses the primitives (its proxy).
// Fields are written by the goroutine itself or by whoever holds it while it is parked; see scheduler.h.
#include <atomic>
#include <cstdint>

#include "runtime/events.h"
#include "runtime/src/stack_arena.h"

namespace snag::detail {

class scheduler;

struct goroutine : events::actor {
  scheduler* home = nullptr;              // the scheduler that runs it; null for a foreign thread's proxy
  void* context = nullptr;                // boost.context fcontext while not running
  stack_block stack;                      // empty until first run: an unstarted goroutine owns no stack
  goroutine* queue_next = nullptr;        // link in run queues and wait queues
  std::atomic<events::wait_reason> reason{events::wait_reason::none};
  events::goroutine_id parent = events::goroutine_id::none;
  const void* created_at = nullptr;       // return address of go()
  // … entry closure, exception globals (__cxa_eh_globals), errno, statistics: see the source
};

}  // namespace snag::detail
