// SPDX-License-Identifier: Apache-2.0
// The same pool; the worker asks for the mutex no more.
// verdict: clean 20/20
#include <mutex>
#include <thread>

#include "look.h"

struct pool {
  std::mutex guard;
  std::thread worker;
  meeting stopping{2};

  void work() {
    {
      const std::lock_guard hold(guard);
    }
    stopping.arrive();
    look_often();
  }
  void stop() {
    stopping.arrive();
    const std::lock_guard hold(guard);
    worker.join();
  }
};

int main() {
  pool p;
  p.worker = std::thread([&] { p.work(); });
  p.stop();
}
