// SPDX-License-Identifier: Apache-2.0
// A pool is stopped under its mutex: it joins a worker who wants the mutex first.
// verdict: leak 20/20
// shape: mixed cycle
#include <mutex>
#include <thread>

#include "look.h"

struct pool {
  std::mutex guard;
  std::thread worker;
  meeting stopping{2};

  void work() {
    stopping.arrive();
    const std::lock_guard hold(guard);
  }
  void stop() {
    const std::lock_guard hold(guard);
    stopping.arrive();
    worker.join();
  }
};
pool& the_pool = *new pool;  // never destroyed: its thread is not joined

int main() {
  the_pool.worker = std::thread([] { the_pool.work(); });
  std::thread([] { the_pool.stop(); }).detach();
  await_finding();
}
