// SPDX-License-Identifier: Apache-2.0
// Stopping a broadcast waits, locked, for the loop to end, which wants the lock for the update it took last.
// shape: mixed cycle
// dead: coalesce, stop
#include <memory>
#include <mutex>

#include <snag/snag.h>

struct watch_broadcasts {
  snag::mutex mu;
  snag::chan<int> updates{1};
  snag::chan<void> done;
  int coalesced = 0;

  void coalesce(int update) {
    std::lock_guard hold(mu);  // <- dead 1
    coalesced += update;
  }
  void run() {
    for (int update : updates) coalesce(update);
    done.close();
  }
  void stop() {
    std::lock_guard hold(mu);
    updates.close();
    done.recv();  // <- dead 1
  }
};

int main() {
  auto w = std::make_shared<watch_broadcasts>();
  snag::go(&watch_broadcasts::run, w);
  w->updates << 1;
  snag::go(&watch_broadcasts::stop, w);
  for (int i = 0; i < 100; ++i) snag::yield();  // main has other things to do
}
