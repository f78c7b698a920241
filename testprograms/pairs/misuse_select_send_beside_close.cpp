// SPDX-License-Identifier: Apache-2.0
// A select is told to stop and does not send, this time: had the channel been closed first, the send would
// have been as ready as the stop.
// verdict: misuse 20/20
// race: results
// hint: send-beside-close
#include <snag/snag.h>

int main() {
  snag::chan<int> results;
  snag::chan<void> stop;
  snag::wait_group wg;
  wg.go([=] {
    try {
      snag::select(snag::on_send(results, 1), snag::on_recv(stop));  // <- 1
    } catch (const snag::panic_error&) {
    }
  });
  stop.close();
  results.close();  // <- 2
  wg.wait();
}
