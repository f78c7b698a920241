// SPDX-License-Identifier: Apache-2.0
// libc++'s std::call_once: the flag is set in its shared object, by a store that is seen by nobody, and read
// in the program, by an acquiring load, when the function has run before ([thread.once.callonce]).
#include <functional>

#include "detector/src/annotations.h"
#include "detector/src/interpose.h"
#include "detector/src/library_function.h"

namespace snag::detector {
namespace {

using flag_type = volatile unsigned long;
constinit library_function<void(flag_type&, void*, void (*)(void*))> real_call_once{
    "_ZNSt3__111__call_onceERVmPvPFvS2_E"};

struct call {
  flag_type* flag;
  void (*function)(void*);
  void* argument;
};

// If the function throws, nobody may take its work for done, and the flag is not set.
void run(void* passed) {
  const auto& c = *static_cast<const call*>(passed);
  c.function(c.argument);
  release_to_atomic(const_cast<const unsigned long*>(c.flag), sizeof *c.flag);
}

}  // namespace
}  // namespace snag::detector

using namespace snag::detector;

extern "C" {

void snag_libcxx_call_once(flag_type& flag, void* argument,
                           void (*function)(void*)) asm("_ZNSt3__111__call_onceERVmPvPFvS2_E");
void snag_libcxx_call_once(flag_type& flag, void* argument, void (*function)(void*)) {
  call c{&flag, function, argument};
  real_call_once(std::ref(flag), static_cast<void*>(&c), run);
}

}  // extern "C"
