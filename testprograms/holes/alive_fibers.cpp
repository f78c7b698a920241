// SPDX-License-Identifier: Apache-2.0
// Hole 8, what ThreadSanitizer has for goroutines: HOW_MANY of its fibers, each of which ran once and is
// still there. No stack is switched, so what this takes is ThreadSanitizer's own state alone. Its second
// argument changes nothing.
#include <sanitizer/tsan_interface.h>

#include <vector>

#include "peer.h"

__attribute__((no_sanitize("thread"))) int main(int argc, char** argv) {
  const auto [count, racy] = peer::read_arguments(argc, argv);
  void* const here = __tsan_get_current_fiber();
  std::vector<void*> fibers;
  for (long i = 0; i < count; ++i) {
    fibers.push_back(__tsan_create_fiber(0));
    __tsan_switch_to_fiber(fibers.back(), __tsan_switch_to_fiber_no_sync);
    __tsan_switch_to_fiber(here, __tsan_switch_to_fiber_no_sync);
  }
  std::printf("%zu fibers are alive\n", fibers.size());
}
