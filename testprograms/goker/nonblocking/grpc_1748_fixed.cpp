// SPDX-License-Identifier: Apache-2.0
// The monitor has ended before the time is restored.
// verdict: clean 20/20
#include <chrono>

#include <snag/snag.h>

using namespace std::chrono_literals;

std::chrono::milliseconds min_connect_timeout = 20ms;

std::chrono::milliseconds monitor() { return min_connect_timeout * 2; }

int main() {
  min_connect_timeout = 1ms;
  snag::wait_group wg;
  wg.go([] { snag::sleep_for(monitor()); });
  wg.wait();
  min_connect_timeout = 20ms;
}
