// SPDX-License-Identifier: Apache-2.0
// The producer's send gives way to the stop channel.
// verdict: clean 20/20
#include <snag/snag.h>

struct feed {
  snag::chan<int> events;
  snag::chan<void> stop;

  void produce() {
    for (int i = 0;; ++i) {
      if (snag::select(snag::on_recv(stop), snag::on_send(events, i)) == 0) return;
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
  wg.wait();
}
