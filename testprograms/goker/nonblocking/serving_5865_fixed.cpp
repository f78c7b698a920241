// SPDX-License-Identifier: Apache-2.0
// The watcher closes it after the updates have ended.
// verdict: clean 20/20
#include <snag/snag.h>

struct revision_watcher {
  snag::chan<int> destinations{4};
  snag::chan<void> stop;
  snag::wait_group updates;

  void run() {
    stop.recv();
    updates.wait();
    destinations.close();
  }
  void endpoints_updated(int destination) { destinations << destination; }
};

int main() {
  revision_watcher w;
  snag::wait_group wg;
  wg.go([&] { w.run(); });
  w.updates.go([&] {
    for (int i = 0; i < 3; ++i) w.endpoints_updated(i);
  });
  w.stop.close();
  wg.wait();
}
