// SPDX-License-Identifier: Apache-2.0
// The detector starts itself. Before anything that could be instrumented runs (.preinit_array precedes the
// constructors of all shared libraries): shadow, first thread, observer. The reporter, which needs a working
// C library, follows with the executable's first constructor.
#include <dlfcn.h>
#include <pthread.h>
#include <sys/single_threaded.h>

#include "detector/src/address_space.h"
#include "detector/src/fork.h"
#include "detector/src/observer.h"
#include "detector/src/record_store.h"
#include "detector/src/thread_state.h"
#include "detector/src/touched_map.h"
#include "detector/src/world.h"

namespace snag::detector {
namespace {

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
  stop_world_in_forks();
}

[[gnu::section(".preinit_array"), gnu::used]] void (*const prepare_entry)(int, char**, char**) = prepare;

}  // namespace
}  // namespace snag::detector
