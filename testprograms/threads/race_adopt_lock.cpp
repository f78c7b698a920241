// SPDX-License-Identifier: Apache-2.0
// try_lock found one mutex taken and gave back the other; nobody looks at its answer.
// verdict: race 20/20
// race: pieces
#include <atomic>
#include <mutex>
#include <thread>

std::mutex board, clock_of_game;
int pieces = 32;
std::atomic<bool> locked = false, tried = false;

int main() {
  std::thread player([] {
    std::lock_guard hold(clock_of_game);
    pieces--;  // <- 1
    locked.store(true, std::memory_order_relaxed);
    while (!tried.load(std::memory_order_relaxed)) std::this_thread::yield();
  });
  while (!locked.load(std::memory_order_relaxed)) std::this_thread::yield();
  const int failed = std::try_lock(board, clock_of_game);
  tried.store(true, std::memory_order_relaxed);
  pieces--;  // <- 2
  player.join();
  return failed != 1 || pieces > 31;
}
