// SPDX-License-Identifier: Apache-2.0
// Hole 8. HOW_MANY goroutines are alive at once, each parked, and the first and the last of them have written
// the same variable: under a mutex, or not. What their functions keep on their stacks is their own. A
// detector that keeps a thread's worth of state for each goroutine runs out of memory, or of mappings.
#include <snag/snag.h>

#include <mutex>

#include "peer.h"

long votes = 0;

int main(int argc, char** argv) {
  const auto [goroutines, racy] = peer::read_arguments(argc, argv);
  snag::mutex box;
  const snag::chan<void> go_home;
  snag::wait_group arrived, gone;
  arrived.add(static_cast<int>(goroutines));
  for (long i = 0; i < goroutines; ++i) {
    const bool votes_here = i == 0 || i == goroutines - 1;
    gone.go([&box, go_home, arrived, votes_here, racy = racy] {
      long steps = 0;  // private
      if (votes_here) {
        std::unique_lock lock(box, std::defer_lock);
        if (!racy) lock.lock();
        ++votes;  // <- 1 2
        ++steps;
      }
      arrived.done();
      go_home.recv();
      if (steps > 1) snag::panic("voted {} times", steps);
    });
  }
  arrived.wait();
  snag::println("{} goroutines are alive", snag::num_goroutine());
  go_home.close();
  gone.wait();
}
