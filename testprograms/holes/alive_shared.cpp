// SPDX-License-Identifier: Apache-2.0
// Hole 8, the dearer half. HOW_MANY goroutines are alive at once, each parked, and each has lent one of its
// locals to main, which changes it once all have arrived. The race is between the first and the last of them,
// on a variable beside.
#include <snag/snag.h>

#include <mutex>
#include <vector>

#include "peer.h"

long votes = 0;

int main(int argc, char** argv) {
  const auto [goroutines, racy] = peer::read_arguments(argc, argv);
  snag::mutex box;
  const snag::chan<void> go_home;
  snag::wait_group arrived, gone;
  arrived.add(static_cast<int>(goroutines));
  std::vector<long*> lent(static_cast<std::size_t>(goroutines));
  for (long i = 0; i < goroutines; ++i) {
    const bool votes_here = i == 0 || i == goroutines - 1;
    gone.go([&box, &place = lent[static_cast<std::size_t>(i)], go_home, arrived, votes_here, racy = racy] {
      long steps = 1;
      place = &steps;
      if (votes_here) {
        std::unique_lock lock(box, std::defer_lock);
        if (!racy) lock.lock();
        ++votes;  // <- 1 2
      }
      arrived.done();
      go_home.recv();
      if (steps != 2) snag::panic("{} steps instead of 2", steps);
    });
  }
  arrived.wait();
  snag::println("{} goroutines are alive", snag::num_goroutine());
  for (long* steps : lent) ++*steps;
  go_home.close();
  gone.wait();
}
