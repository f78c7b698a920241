// SPDX-License-Identifier: Apache-2.0
// A thread that asks for its own end is refused, and goes on.
// verdict: clean 20/20
#include <pthread.h>
#include <cerrno>
#include <thread>

#include "look.h"

int main() {
  std::atomic<bool> over{false};
  std::thread asks([&] {
    while (!over)
      if (pthread_join(pthread_self(), nullptr) != EDEADLK) std::terminate();
  });
  look_often();
  over = true;
  asks.join();
}
