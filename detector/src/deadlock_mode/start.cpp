// SPDX-License-Identifier: Apache-2.0
// The search for deadlocks starts itself, as the race detector does (src/start.cpp): before any constructor
// its thread and its observer, and with the executable's first constructor the reporter.
#include <pthread.h>

#include "detector/src/deadlock_mode/observer.h"
#include "detector/src/interpose.h"
#include "detector/src/liveness/check.h"
#include "detector/src/patience.h"
#include "detector/src/race.h"
#include "detector/src/thread_state.h"
#include "detector/src/world.h"

namespace snag::detector {
namespace {

constinit bool world_is_ours = false;  // this thread's fork stopped the world

void stop_world(thread_state& t) {
  while (!world.stop(t)) {
  }
}

// A fork copies one thread: the others must not be in the middle of something of ours.
void before_fork() {
  thread_state& t = this_thread();
  if (!world.enter(t)) return;
  stop_world(t);
  world_is_ours = true;
}
void after_fork_in_parent() {
  if (!world_is_ours) return;
  world_is_ours = false;
  world.resume();
  world.leave(this_thread());
}
void after_fork_in_child() {
  forget_other_threads();
  stop_looking();
  after_fork_in_parent();
}

void prepare(int, char**, char**) {
  world.prepare();
  prepare_first_thread();
  events::install(the_wait_observer(), events::interest::waits);
}

[[gnu::constructor(101)]] void start() {
  start_reporter();
  pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child);
}

[[gnu::section(".preinit_array"), gnu::used]] void (*const prepare_entry)(int, char**, char**) = prepare;

}  // namespace

void step_aside_before_fork(unsigned round) noexcept {
  if (world_is_ours) world.resume();
  wait_a_round(round);
  if (world_is_ours) stop_world(this_thread());
}

}  // namespace snag::detector
