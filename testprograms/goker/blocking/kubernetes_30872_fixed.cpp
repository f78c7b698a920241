// SPDX-License-Identifier: Apache-2.0
// The handler runs after the queue is unlocked.
// verdict: clean 20/20
#include <memory>
#include <mutex>

#include <snag/snag.h>

struct delta_queue {
  snag::mutex mu;
  int items = 1;

  template <class Handler>
  void pop(Handler handler) {
    {
      std::lock_guard hold(mu);
      --items;
    }
    handler();
  }
  bool has_synced() {
    std::lock_guard hold(mu);
    return items == 0;
  }
};

struct informer {
  snag::mutex mu;
  delta_queue queue;
  int handled = 0;

  void handle() {
    std::lock_guard hold(mu);
    ++handled;
  }
  void run() {
    queue.pop([&] { handle(); });
  }
  bool clusters_synced() {
    std::lock_guard hold(mu);
    return queue.has_synced();
  }
};

int main() {
  auto i = std::make_shared<informer>();
  snag::go(&informer::run, i);
  snag::go(&informer::clusters_synced, i);
  for (int i = 0; i < 100; ++i) snag::yield();  // main has other things to do
}
