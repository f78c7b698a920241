// SPDX-License-Identifier: Apache-2.0
// try_lock_for gave up, so the caller waits for the lock.
// verdict: clean 20/20
#include <atomic>
#include <chrono>
#include <mutex>
#include <thread>

using namespace std::chrono_literals;

std::timed_mutex m;
int orders = 0;
std::atomic<bool> locked = false, may_unlock = false;

int main() {
  std::thread slow([] {
    std::lock_guard hold(m);
    orders++;
    locked.store(true, std::memory_order_relaxed);
    while (!may_unlock.load(std::memory_order_relaxed)) std::this_thread::yield();
  });
  while (!locked.load(std::memory_order_relaxed)) std::this_thread::yield();
  bool mine = m.try_lock_for(1ms);
  may_unlock.store(true, std::memory_order_relaxed);
  if (!mine) m.lock();
  mine = true;
  orders++;
  if (mine) m.unlock();
  slow.join();
  return orders != 2;
}
