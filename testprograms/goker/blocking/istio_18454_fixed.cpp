// SPDX-License-Identifier: Apache-2.0
// Setting the timer again needs no draining.
// verdict: clean 20/20
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
        quiet.reset(5ms);
      }
    }
  }
  void publish() {
    snag::sleep_for(10ms);
    for (int i = 0; i < 3; ++i) resets.send();
    stop.close();
  }
};

int main() {
  auto d = std::make_shared<debouncer>();
  snag::go(&debouncer::loop, d);
  snag::go(&debouncer::publish, d);
  snag::sleep_for(20ms);
}
