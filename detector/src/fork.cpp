// SPDX-License-Identifier: Apache-2.0
#include "detector/src/fork.h"

#include <pthread.h>

#include "detector/src/liveness/check.h"
#include "detector/src/patience.h"
#include "detector/src/signal_channels.h"
#include "detector/src/thread_state.h"
#include "detector/src/world.h"

namespace snag::detector {
namespace {

constinit bool world_is_ours = false;  // this thread's fork stopped the world

void stop_world(thread_state& t) {
  while (!world.stop(t)) {
  }
}

void before_fork() {
  on_sent(of_outside());  // the child may send signals, and its end does
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

}  // namespace

void stop_world_in_forks() noexcept {
  pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child);
}

void step_aside_before_fork(unsigned round) noexcept {
  if (world_is_ours) world.resume();
  wait_a_round(round);
  if (world_is_ours) stop_world(this_thread());
}

}  // namespace snag::detector
