// SPDX-License-Identifier: Apache-2.0
// snag::condition_variable: what was done before a notification happens before what the goroutine that it
// woke does next, also without the lock, and whether that one was parked already or only on its way there.
#include <snag/snag.h>

#include <mutex>

#include "../case.h"

namespace {

struct meeting {
  snag::mutex mutex;
  snag::condition_variable condition;
  bool waiting = false;
  int data = 0;

  // Returns when it was notified, without the lock.
  void wait() {
    std::unique_lock lock(mutex);
    waiting = true;
    condition.wait(lock);
  }
  // Returns when the other one waits, which a notification finds from here on.
  void await_waiter() {
    for (bool seen = false; !seen; snag::yield()) {
      const std::lock_guard lock(mutex);
      seen = waiting;
    }
  }
};

// What is written before the notification is read after it.
template <class Notify>
void notified(Notify notify) {
  meeting m;
  snag::wait_group both;
  both.go([&] {
    m.wait();
    if (m.data != 1) std::abort();
  });
  m.await_waiter();
  m.data = 1;
  notify(m.condition);
  both.wait();
}

}  // namespace

NO_RACE(notified_by_one) {
  notified([](snag::condition_variable& c) { c.notify_one(); });
}

NO_RACE(notified_with_all) {
  notified([](snag::condition_variable& c) { c.notify_all(); });
}

RACE(written_after_the_notification) {
  meeting m;
  snag::wait_group both;
  both.go([&] {
    m.wait();
    if (m.data == 2) std::abort();  // <- 1
  });
  m.await_waiter();
  m.condition.notify_one();
  m.data = 1;  // <- 2
  both.wait();
}
