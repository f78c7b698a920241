// SPDX-License-Identifier: Apache-2.0
// try_wait says false until the count is zero; when it says true, everything before is there.
// verdict: clean 20/20
#include <atomic>
#include <latch>
#include <thread>

int result = 0;
std::atomic<bool> looked = false;

int main() {
  std::latch done(1);
  std::thread worker([&] {
    result = 3;
    while (!looked.load(std::memory_order_relaxed)) std::this_thread::yield();
    done.count_down();
  });
  bool ready = done.try_wait();
  looked.store(true, std::memory_order_relaxed);
  while (!ready) ready = done.try_wait();
  int seen = result;
  worker.join();
  return !ready || seen != 3;
}
