// SPDX-License-Identifier: Apache-2.0
// The detector starts itself. Before anything that could be instrumented runs (.preinit_array precedes the
// constructors of all shared libraries): shadow, first thread, observer. The reporter, which needs a working
// C library, follows with the executable's first constructor.
#include <dlfcn.h>
#include <pthread.h>
#include <sys/single_threaded.h>

#include "detector/src/address_space.h"
#include "detector/src/liveness/check.h"
#include "detector/src/observer.h"
#include "detector/src/patience.h"
#include "detector/src/record_store.h"
#include "detector/src/signal_channels.h"
#include "detector/src/thread_state.h"
#include "detector/src/touched_map.h"
#include "detector/src/world.h"

namespace snag::detector {
namespace {

constinit bool world_is_ours = false;  // this thread's fork stopped the world

void stop_world(thread_state& t) {
  while (!world.stop(t)) {
  }
}

// A fork copies one thread: the others must not be between a look and a record, or their granules stay locked
// in the child for ever.
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

// While __libc_single_threaded is set, libstdc++ counts references without atomics, which several goroutines
// on one OS thread would be seen to race on. libc clears it with the first thread, and only then takes the
// signal by which setuid reaches all threads (nptl/pthread_create.c, late_init): so there has to be a thread,
// for a moment. libc's own pthread_create: to the runtime it is none.
void leave_single_threaded() {
  const auto create = reinterpret_cast<decltype(&pthread_create)>(dlsym(RTLD_NEXT, "pthread_create"));
  const auto join = reinterpret_cast<decltype(&pthread_join)>(dlsym(RTLD_NEXT, "pthread_join"));
  pthread_t thread;
  if (create && join && create(&thread, nullptr, [](void* p) { return p; }, nullptr) == 0)
    join(thread, nullptr);
  __libc_single_threaded = 0;
}

void prepare(int, char** argv, char** envp) {
  prepare_address_space(argv, envp);
  touched.ensure_table();
  records.ensure_table();
  world.prepare();
  prepare_first_thread();
  leave_single_threaded();  // libc allocates for it, maybe with a malloc of the program's, which is checked
  events::install(the_observer());
}

[[gnu::constructor(101)]] void start() {
  start_reporter();
  // After the reporter's: handlers before a fork run last first, and whoever holds reports back must not wait
  // for a thread that we have to wait for.
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
