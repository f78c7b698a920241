// SPDX-License-Identifier: Apache-2.0
// A heartbeat that nobody stops, and a cache's janitor: known, and ignored by name and by function.
// verdict: clean 20/20
// stdout: 0 left
#include <chrono>

#include <snag/snag.h>

using namespace std::chrono_literals;

void sweep_cache() {
  for (;;) snag::sleep_for(1s);
}

int main() {
  snag::leak_check check({.ignore = {"heartbeat", "^sweep_cache"}});
  snag::go({.name = "heartbeat"}, [] {
    for (;;) snag::sleep_for(10ms);
  });
  snag::go([] { sweep_cache(); });
  snag::println("{} left", check.finish().size());
}
