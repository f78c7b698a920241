// SPDX-License-Identifier: Apache-2.0
// The monitor takes the result before it leaves.
// verdict: clean 20/20
#include <snag/snag.h>

void monitor(snag::recv_chan<void> stop) {
  for (;;) {
    snag::chan<int> results;
    snag::go([results] {
      results << 0;
      results.close();
    });
    const int chosen = snag::select(snag::on_recv(stop), snag::on_recv(results));
    if (chosen == 0) {
      while (results.next()) {
      }
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
