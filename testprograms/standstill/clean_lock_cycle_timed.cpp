// SPDX-License-Identifier: Apache-2.0
// The same two accounts, but one of the two gives up after a while, lets go and tries again.
// verdict: clean 20/20
#include <chrono>
#include <mutex>
#include <thread>

#include "look.h"

std::timed_mutex mine, yours;

int main() {
  meeting both(2);
  std::thread patient([&] {
    const std::lock_guard hold(mine);
    both.arrive();
    const std::lock_guard hold_too(yours);
  });
  std::thread hasty([&] {
    std::unique_lock hold(yours);
    both.arrive();
    std::unique_lock hold_too(mine, std::chrono::milliseconds(20));
    look_often();
    if (hold_too.owns_lock()) return;
    hold.unlock();
    hold_too.lock();
    hold.lock();
  });
  patient.join();
  hasty.join();
}
