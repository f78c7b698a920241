// SPDX-License-Identifier: Apache-2.0
// Goroutines in several states, for gdb_test.py: parked on a channel, in a sleep, not started, running. With
// an argument it aborts there, and leaves a core file.
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "snag/snag.h"

namespace {

using namespace std::chrono_literals;

[[gnu::noinline]] void wait_for_a_value(const snag::chan<int>& c, int secret) {
  const int got = c.recv();
  std::printf("%d %d\n", got, secret);
}

[[gnu::noinline]] void everybody_is_placed(bool aborts) {  // the breakpoint
  if (aborts) std::abort();
  asm volatile("" ::: "memory");
}

}  // namespace

int main(int argc, char**) {
  snag::max_procs(1);
  const snag::chan<int> never(0);
  snag::go({.name = "receiver"}, [&] { wait_for_a_value(never, 4711); });
  snag::go({.name = "sleeper"}, [] { snag::sleep_for(1h); });
  snag::sleep_for(1ms);  // both wait when the only worker comes back to main
  snag::go({.name = "not begun"}, [] {});
  everybody_is_placed(argc > 1);
  return 0;
}
