// SPDX-License-Identifier: Apache-2.0
// Opposite orders again: one locks both at once, the other one tries, and lets go where that fails.
// verdict: clean 20/20
#include <mutex>
#include <thread>

#include "look.h"

std::mutex mine, yours;

int main() {
  std::thread at_once([] {
    for (int i = 0; i < 100; ++i) const std::scoped_lock hold(mine, yours);
  });
  std::thread tries([] {
    for (int done = 0; done < 100;) {
      const std::lock_guard hold(yours);
      if (!mine.try_lock()) continue;
      mine.unlock();
      ++done;
    }
  });
  look_often();
  at_once.join();
  tries.join();
}
