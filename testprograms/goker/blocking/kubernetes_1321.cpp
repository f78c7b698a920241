// SPDX-License-Identifier: Apache-2.0
// An event is distributed with the multiplexer locked, to a watcher that reads no more; stopping the watcher
// needs the lock.
// shape: mixed cycle
// dead: distribute, stop_watching
#include <memory>
#include <mutex>

#include <snag/snag.h>

struct multiplexer {
  snag::mutex mu;
  snag::chan<int> watcher;
  bool watching = true;

  void distribute(int event) {
    std::lock_guard hold(mu);
    if (!watching) return;
    watcher << event;  // <- dead 1
  }
  void stop_watching() {
    std::lock_guard hold(mu);  // <- dead 1
    watching = false;
    watcher.close();
  }
};

int main() {
  auto m = std::make_shared<multiplexer>();
  snag::go(&multiplexer::distribute, m, 1);
  snag::go(&multiplexer::stop_watching, m);
  for (int i = 0; i < 100; ++i) snag::yield();  // main has other things to do
}
