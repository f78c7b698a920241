// SPDX-License-Identifier: Apache-2.0
// Sending a global reads it, inside the runtime's header; the report must show the user's line.
// verdict: race 20/20
// race: reading
#include <snag/snag.h>

int reading = 0;

int main() {
  snag::chan<int> c(1);
  snag::wait_group wg;
  wg.go([] { reading = 1; });  // <- 1
  c << reading;                // <- 2
  wg.wait();
  return c.recv() == 7;
}
