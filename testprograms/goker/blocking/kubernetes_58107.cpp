// SPDX-License-Identifier: Apache-2.0
// A worker waits on an empty queue with the workers' lock held for reading; a sync waits for writing, and the
// other worker behind it. Nobody is left to fill the queue.
// shape: queued-writer
// dead: get, sync, the second worker
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
    while (items == 0 && !shut) filled.wait(hold);  // <- dead 1
    return items > 0 && items-- > 0;
  }
};

struct quota_controller {
  snag::shared_mutex workers;
  work_queue missing;
  bool synced = false;

  void work_missing() {
    std::shared_lock hold(workers);
    if (!synced) missing.get();
  }
  void work() {
    for (;;) {
      std::shared_lock hold(workers);  // <- dead 1
      if (synced) return;
    }
  }
  void sync() {
    std::unique_lock hold(workers);  // <- dead 1
    synced = true;
  }
};

int main() {
  auto q = std::make_shared<quota_controller>();
  snag::go(&quota_controller::work_missing, q);
  snag::go(&quota_controller::work, q);
  snag::go(&quota_controller::sync, q);
  for (int i = 0; i < 100; ++i) snag::yield();  // main has other things to do
}
