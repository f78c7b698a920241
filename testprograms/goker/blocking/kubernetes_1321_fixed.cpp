// SPDX-License-Identifier: Apache-2.0
// A watcher that is being stopped says so before it asks for the lock.
// verdict: clean 20/20
#include <memory>
#include <mutex>

#include <snag/snag.h>

struct multiplexer {
  snag::mutex mu;
  snag::chan<int> watcher;
  snag::chan<void> stopping;
  bool watching = true;

  void distribute(int event) {
    std::lock_guard hold(mu);
    if (!watching) return;
    snag::select(snag::on_send(watcher, event), snag::on_recv(stopping));
  }
  void stop_watching() {
    stopping.close();
    std::lock_guard hold(mu);
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
