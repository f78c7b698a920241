// SPDX-License-Identifier: Apache-2.0
// Two wait for one condition variable at once, each with a mutex of its own.
// verdict: misuse 20/20
// race: arrived
// hint: wait-with-other-lock
#include <snag/snag.h>

#include <chrono>
#include <condition_variable>
#include <mutex>

std::condition_variable arrived;
std::mutex one, other;

int main() {
  bool over = false;
  snag::chan<void> locked;
  snag::wait_group wg;
  wg.go([&] {
    std::unique_lock hold(one);
    locked.close();
    while (!over) arrived.wait(hold);  // <- 2
  });
  locked.recv();
  {
    const std::lock_guard hold(one);  // free once that one waits
  }
  {
    std::unique_lock hold(other);
    arrived.wait_for(hold, std::chrono::milliseconds(1));  // <- 1
  }
  {
    const std::lock_guard hold(one);
    over = true;
  }
  arrived.notify_all();
  wg.wait();
}
