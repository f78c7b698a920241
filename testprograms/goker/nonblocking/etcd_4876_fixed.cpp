// SPDX-License-Identifier: Apache-2.0
// The interval belongs to each loop.
// verdict: clean 20/20
#include <chrono>

#include <snag/snag.h>

using namespace std::chrono_literals;

void send_loop(std::chrono::milliseconds progress_interval, snag::recv_chan<void> stop) {
  snag::ticker reports(progress_interval);
  while (snag::select(snag::on_recv(reports.c()), snag::on_recv(stop)) == 0) {
  }
  reports.stop();
}

int main() {
  snag::chan<void> stop;
  snag::wait_group wg;
  wg.go(send_loop, 10ms, stop);
  stop.close();
  wg.wait();
}
