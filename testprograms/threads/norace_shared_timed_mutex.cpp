// SPDX-License-Identifier: Apache-2.0
// A reader whose try_lock_shared_for ran out tries until it has the lock.
// verdict: clean 20/20
#include <atomic>
#include <chrono>
#include <mutex>
#include <shared_mutex>
#include <thread>

using namespace std::chrono_literals;

std::shared_timed_mutex m;
int stock = 0;
std::atomic<bool> locked = false, may_unlock = false;

int main() {
  std::thread writer([] {
    std::unique_lock hold(m);
    stock = 9;
    locked.store(true, std::memory_order_relaxed);
    while (!may_unlock.load(std::memory_order_relaxed)) std::this_thread::yield();
  });
  while (!locked.load(std::memory_order_relaxed)) std::this_thread::yield();
  std::shared_lock hold(m, 1ms);
  may_unlock.store(true, std::memory_order_relaxed);
  while (!hold.owns_lock()) static_cast<void>(hold.try_lock_for(1ms));
  int seen = stock;
  if (hold.owns_lock()) hold.unlock();
  writer.join();
  return seen != 9;
}
