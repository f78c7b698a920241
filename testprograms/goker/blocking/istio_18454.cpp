// SPDX-License-Identifier: Apache-2.0
// A timer that has fired, and whose tick was taken, is drained once more before it is set again: the loop
// waits for a tick that never comes, the sender of events for the loop.
// shape: orphan
// dead: loop, publish
#include <chrono>
#include <memory>

#include <snag/snag.h>

using namespace std::chrono_literals;

struct debouncer {
  snag::chan<void> resets{1};
  snag::chan<void> stop;

  void loop() {
    snag::timer quiet(5ms);
    for (;;) {
      const int chosen = snag::select(snag::on_recv(quiet.c()), snag::on_recv(resets), snag::on_recv(stop));
      if (chosen == 2) return;
      if (chosen == 1) {
        if (!quiet.stop()) quiet.c().recv();  // <- dead 1
        quiet.reset(5ms);
      }
    }
  }
  void publish() {
    snag::sleep_for(10ms);
    for (int i = 0; i < 3; ++i) resets.send();  // <- dead 1
    stop.close();
  }
};

int main() {
  auto d = std::make_shared<debouncer>();
  snag::go(&debouncer::loop, d);
  snag::go(&debouncer::publish, d);
  snag::sleep_for(20ms);
}
