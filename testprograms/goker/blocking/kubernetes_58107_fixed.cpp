// SPDX-License-Identifier: Apache-2.0
// A worker takes its item first, and the lock after.
// verdict: clean 20/20
#include <memory>
#include <mutex>
#include <shared_mutex>

#include <snag/snag.h>

struct work_queue {
  snag::mutex mu;
  snag::condition_variable filled;
  int items = 0;
  bool shut = false;

  bool get() {
    std::unique_lock hold(mu);
    while (items == 0 && !shut) filled.wait(hold);
    return items > 0 && items-- > 0;
  }
  void shut_down() {
    std::lock_guard hold(mu);
    shut = true;
    filled.notify_all();
  }
};

struct quota_controller {
  snag::shared_mutex workers;
  work_queue missing;
  bool synced = false;

  void work_missing() {
    if (!missing.get()) return;
    std::shared_lock hold(workers);
  }
  void work() {
    for (;;) {
      std::shared_lock hold(workers);
      if (synced) return;
    }
  }
  void sync() {
    std::unique_lock hold(workers);
    synced = true;
    missing.shut_down();
  }
};

int main() {
  auto q = std::make_shared<quota_controller>();
  snag::go(&quota_controller::work_missing, q);
  snag::go(&quota_controller::work, q);
  snag::go(&quota_controller::sync, q);
  for (int i = 0; i < 100; ++i) snag::yield();  // main has other things to do
}
