// SPDX-License-Identifier: Apache-2.0
// Hole 3. A goroutine reads; then HOW_MANY others read the same; then main, which has waited for the others
// only, writes. A detector that keeps a few accesses of each word throws one out when a further reader comes,
// and most probably the one that matters.
#include <atomic>
#include <vector>

#include "peer.h"

int config = 1;
std::atomic<bool> first_has_read = false;

int main(int argc, char** argv) {
  const auto [others, racy] = peer::read_arguments(argc, argv);
  int seen_first = 0;
  std::vector<int> seen(static_cast<std::size_t>(others));
  peer::wait_group first, readers;
  first.go([&seen_first] {
    seen_first = config;  // <- 1
    first_has_read.store(true, std::memory_order_relaxed);
  });
  while (!first_has_read.load(std::memory_order_relaxed)) peer::yield();  // later in time, and unordered
  for (long i = 0; i < others; ++i) readers.go([&seen, i] { seen[static_cast<std::size_t>(i)] = config; });
  readers.wait();
  if (!racy) first.wait();
  config = 2;  // <- 2
  first.wait();
  return seen_first != 1;
}
