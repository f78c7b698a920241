// SPDX-License-Identifier: Apache-2.0
// try_wait says false, and the caller does not wait for more.
// verdict: race 20/20
// race: result
#include <atomic>
#include <latch>
#include <thread>

int result = 0;
std::atomic<bool> looked = false;

int main() {
  std::latch done(1);
  std::thread worker([&] {
    result = 3;  // <- 1
    while (!looked.load(std::memory_order_relaxed)) std::this_thread::yield();
    done.count_down();
  });
  bool ready = done.try_wait();
  looked.store(true, std::memory_order_relaxed);
  int seen = result;  // <- 2
  worker.join();
  return ready || seen == 7;
}
