// SPDX-License-Identifier: Apache-2.0
// A health check delivers its result to a monitor that was stopped meanwhile.
// shape: orphan
// dead: the probe
#include <snag/snag.h>

void monitor(snag::recv_chan<void> stop) {
  for (;;) {
    snag::chan<int> results;
    snag::go([results] {
      results << 0;  // <- dead 1
      results.close();
    });
    const int chosen = snag::select(snag::on_recv(stop), snag::on_recv(results));
    if (chosen == 0) {
      return;
    }
  }
}

int main() {
  snag::chan<void> stop;
  snag::go(monitor, stop);
  snag::go([stop] { stop.close(); });
  for (int i = 0; i < 100; ++i) snag::yield();  // main has other things to do
}
