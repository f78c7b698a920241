// SPDX-License-Identifier: Apache-2.0
// try_lock took both mutexes, and scoped_lock adopts them.
// verdict: clean 20/20
#include <atomic>
#include <mutex>
#include <thread>

std::mutex board, clock_of_game;
int pieces = 32;
std::atomic<bool> locked = false, tried = false;

int main() {
  std::thread player([] {
    std::lock_guard hold(clock_of_game);
    pieces--;
    locked.store(true, std::memory_order_relaxed);
  });
  while (!locked.load(std::memory_order_relaxed)) std::this_thread::yield();
  while (std::try_lock(board, clock_of_game) != -1) std::this_thread::yield();
  {
    std::scoped_lock hold(std::adopt_lock, board, clock_of_game);
    pieces--;
  }
  player.join();
  return pieces != 30;
}
