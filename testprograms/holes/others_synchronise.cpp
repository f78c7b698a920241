// SPDX-License-Identifier: Apache-2.0
// Hole 1. A goroutine writes; then HOW_MANY others synchronise with main; then main writes. The others order
// nothing between the two writes. A detector with a fixed number of thread slots gives the first goroutine's
// slot to one of the others, and takes main's knowledge of that one for knowledge of the first.
#include <atomic>
#include <vector>

#include "peer.h"

int value = 0;
std::atomic<bool> written = false;

int main(int argc, char** argv) {
  const auto [others, racy] = peer::read_arguments(argc, argv);
  peer::wait_group first;
  first.go([] {
    value = 1;  // <- 1
    written.store(true, std::memory_order_relaxed);
  });
  while (!written.load(std::memory_order_relaxed)) peer::yield();  // later in time, and unordered
  if (!racy) first.wait();

  constexpr long at_once = 100;
  std::vector<int> marks(
      static_cast<std::size_t>(others));  // each leaves an access behind, so that it matters
  for (long begin = 0; begin < others; begin += at_once) {
    peer::wait_group batch;
    for (long i = begin; i < others && i < begin + at_once; ++i)
      batch.go([&marks, i] { marks[static_cast<std::size_t>(i)] = 1; });
    batch.wait();
  }

  value = 2;  // <- 2
  first.wait();
}
