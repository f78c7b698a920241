// SPDX-License-Identifier: Apache-2.0
// A reader whose try_lock_shared_for ran out reads all the same.
// verdict: race 20/20
// race: stock
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
    stock = 9;  // <- 1
    locked.store(true, std::memory_order_relaxed);
    while (!may_unlock.load(std::memory_order_relaxed)) std::this_thread::yield();
  });
  while (!locked.load(std::memory_order_relaxed)) std::this_thread::yield();
  std::shared_lock hold(m, 1ms);
  may_unlock.store(true, std::memory_order_relaxed);
  int seen = stock;  // <- 2
  if (hold.owns_lock()) hold.unlock();
  writer.join();
  return seen > 9;
}
