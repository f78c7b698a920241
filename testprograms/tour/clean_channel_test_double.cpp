// SPDX-License-Identifier: Apache-2.0
// Code that takes its channels as parameters can be tested with channels that the test fills itself.
// Lesson: inject the channels; the test plays the other side, and a timeout guards it.
// verdict: clean 20/20
// stdout: ^alerts: high 31\ntest passed\n$
#include <chrono>
#include <string>

#include <snag/snag.h>

using namespace std::chrono_literals;

void watch(snag::recv_chan<int> readings, snag::send_chan<std::string> alerts) {
  for (int r : readings) {
    if (r > 30) alerts << "high " + std::to_string(r);
  }
  alerts.close();
}

int main() {
  snag::chan<int> fake_readings(4);
  snag::chan<std::string> captured(4);
  for (int r : {20, 31, 30}) fake_readings << r;
  fake_readings.close();
  snag::go([=] { watch(fake_readings, captured); });
  bool passed = false;
  snag::select(snag::on_next(captured,
                             [&](std::optional<std::string> alert) {
                               passed = alert == "high 31";
                               if (alert) snag::println("alerts: {}", *alert);
                             }),
               snag::on_timeout(10s, [] { snag::println("no alert"); }));
  snag::println("test {}", passed && !captured.next() ? "passed" : "failed");
}
