// SPDX-License-Identifier: Apache-2.0
// A select is told to stop; the channel that it may send to is closed when it is over.
// verdict: clean 20/20
#include <snag/snag.h>

int main() {
  snag::chan<int> results;
  snag::chan<void> stop;
  snag::wait_group wg;
  wg.go([=] { snag::select(snag::on_send(results, 1), snag::on_recv(stop)); });
  stop.close();
  wg.wait();
  results.close();
}
