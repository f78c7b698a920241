// SPDX-License-Identifier: Apache-2.0
// Hole 2. A goroutine writes, and then makes HOW_MANY further accesses before main reads what it wrote first.
// A detector that finds a stack by replaying a bounded history has overwritten that write by then, and drops
// the race. The writer locks a mutex of its own now and then, so that none of its accesses is a mere
// repetition.
#include <array>
#include <atomic>
#include <mutex>

#include "peer.h"

int value = 0;
std::array<int, 4096> buffer;
std::atomic<bool> finished = false;

int main(int argc, char** argv) {
  const auto [accesses, racy] = peer::read_arguments(argc, argv);
  peer::wait_group writer;
  writer.go([accesses = accesses] {
    value = 1;  // <- 1
    peer::mutex mutex;
    for (long done = 0; done < accesses;) {
      for (int& element : buffer) element = static_cast<int>(++done);
      const std::lock_guard lock(mutex);
    }
    finished.store(true, std::memory_order_relaxed);
  });
  while (!finished.load(std::memory_order_relaxed)) peer::yield();  // later in time, and unordered
  if (!racy) writer.wait();
  const int seen = value;  // <- 2
  writer.wait();
  return seen != 1;
}
