// SPDX-License-Identifier: Apache-2.0
// A test restores the shortest time to connect, on its way out, while a monitor still reads it.
// shape: race
// race: min_connect_timeout
#include <chrono>

#include <snag/snag.h>

using namespace std::chrono_literals;

std::chrono::milliseconds min_connect_timeout = 20ms;

std::chrono::milliseconds monitor() {
  return min_connect_timeout * 2;  // <- 1
}

int main() {
  min_connect_timeout = 1ms;
  snag::wait_group wg;
  wg.go([] { snag::sleep_for(monitor()); });
  min_connect_timeout = 20ms;  // <- 2
  wg.wait();
}
