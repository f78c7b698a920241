// SPDX-License-Identifier: Apache-2.0
// A test shortens the interval of progress reports while a loop of another one reads it.
// shape: race
// race: progress_interval
#include <chrono>

#include <snag/snag.h>

using namespace std::chrono_literals;

std::chrono::milliseconds progress_interval = 100ms;

void send_loop(snag::recv_chan<void> stop) {
  snag::ticker reports(progress_interval);  // <- 1
  while (snag::select(snag::on_recv(reports.c()), snag::on_recv(stop)) == 0) {
  }
  reports.stop();
}

int main() {
  snag::chan<void> stop;
  snag::wait_group wg;
  wg.go(send_loop, stop);
  progress_interval = 10ms;  // <- 2
  stop.close();
  wg.wait();
}
