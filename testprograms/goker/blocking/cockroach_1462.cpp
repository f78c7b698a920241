// SPDX-License-Identifier: Apache-2.0
// The producer looks at the stop channel, then sends unconditionally; meanwhile the consumer has stopped.
// shape: orphan
// dead: produce, main
#include <snag/snag.h>

struct feed {
  snag::chan<int> events;
  snag::chan<void> stop;

  void produce() {
    for (int i = 0;; ++i) {
      if (snag::select(snag::on_recv(stop), snag::on_default()) == 0) return;
      events << i;  // <- dead 1
    }
  }
  void consume() {
    while (snag::select(snag::on_recv(events), snag::on_recv(stop)) == 0) {
    }
  }
};

int main() {
  feed f;
  snag::wait_group wg;
  wg.go([&] { f.produce(); });
  wg.go([&] { f.consume(); });
  f.stop.close();
  wg.wait();  // <- dead 1
}
