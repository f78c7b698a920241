// SPDX-License-Identifier: Apache-2.0
// Who waits for a notification gives its lock back first, and may be notified before it sleeps: it has
// learned what was done before, all the same. (Here it always is: giving this lock back takes as long.)
// verdict: clean 20/20
#include <atomic>

#include <snag/snag.h>

snag::mutex mutex;
std::atomic<bool> notified = false;  // orders nothing: it is relaxed

struct slow_lock {
  void lock() { mutex.lock(); }
  void unlock() {
    mutex.unlock();
    while (!notified.load(std::memory_order_relaxed)) snag::yield();
  }
};

int main() {
  snag::condition_variable changed;
  int number = 0;
  slow_lock hold;
  hold.lock();
  snag::go([&] {
    mutex.lock();  // once it waits
    mutex.unlock();
    number = 1;
    changed.notify_one();
    notified.store(true, std::memory_order_relaxed);
  });
  changed.wait(hold);
  mutex.unlock();
  return number == 1 ? 0 : 1;
}
