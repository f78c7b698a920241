// SPDX-License-Identifier: Apache-2.0
// Hole 4. Between the two accesses that race there are HOW_MANY release operations (unlocks of a mutex, with
// a write under each). A detector whose clocks are narrow has to forget everything, everywhere, when they run
// out.
#include <atomic>
#include <mutex>

#include "peer.h"

int value = 0;
long turns = 0;
std::atomic<bool> written = false;

int main(int argc, char** argv) {
  const auto [releases, racy] = peer::read_arguments(argc, argv);
  peer::wait_group writer;
  writer.go([] {
    value = 1;  // <- 1
    written.store(true, std::memory_order_relaxed);
  });
  while (!written.load(std::memory_order_relaxed)) peer::yield();  // later in time, and unordered
  if (!racy) writer.wait();
  peer::mutex mutex;
  for (long i = 0; i < releases; ++i) {
    const std::lock_guard lock(mutex);
    ++turns;
  }
  const int seen = value;  // <- 2
  writer.wait();
  return seen != 1;
}
