// SPDX-License-Identifier: Apache-2.0
// A watcher closes the channel of destinations while an update sends one.
// shape: misuse (send on closed)
// race: destinations
// panic: send on closed channel
#include <snag/snag.h>

struct revision_watcher {
  snag::chan<int> destinations{4};
  snag::chan<void> stop;

  void run() {
    stop.recv();
    destinations.close();  // <- 2
  }
  void endpoints_updated(int destination) { destinations << destination; }  // <- 1
};

int main() {
  revision_watcher w;
  snag::wait_group wg;
  wg.go([&] { w.run(); });
  wg.go([&] {
    for (int i = 0; i < 3; ++i) w.endpoints_updated(i);
  });
  w.stop.close();
  wg.wait();
}
