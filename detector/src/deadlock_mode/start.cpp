// SPDX-License-Identifier: Apache-2.0
// The search for deadlocks starts itself, as the race detector does (src/start.cpp): before any constructor
// its thread and its observer, and with the executable's first constructor the reporter.
#include "detector/src/deadlock_mode/observer.h"
#include "detector/src/fork.h"
#include "detector/src/interpose.h"
#include "detector/src/race.h"
#include "detector/src/thread_state.h"
#include "detector/src/world.h"

namespace snag::detector {
namespace {

void prepare(int, char**, char**) {
  world.prepare();
  prepare_first_thread();
  events::install(the_wait_observer(), events::interest::waits);
}

[[gnu::constructor(101)]] void start() {
  start_reporter();
  stop_world_in_forks();
}

[[gnu::section(".preinit_array"), gnu::used]] void (*const prepare_entry)(int, char**, char**) = prepare;

}  // namespace
}  // namespace snag::detector
