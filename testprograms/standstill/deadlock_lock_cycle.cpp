// SPDX-License-Identifier: Apache-2.0
// Two threads in a cycle of locks, and main joins them: nobody is left, so the program ends.
// verdict: deadlock 20/20
// shape: lock cycle
#include <mutex>
#include <thread>

#include "look.h"

int main() {
  std::mutex first, second;
  meeting both(2);
  std::thread one([&] {
    const std::lock_guard hold(first);
    both.arrive();
    second.lock();
  });
  std::thread other([&] {
    const std::lock_guard hold(second);
    both.arrive();
    first.lock();
  });
  one.join();
  other.join();
}
