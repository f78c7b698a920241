// SPDX-License-Identifier: Apache-2.0
// Receiving into a shared variable writes it.
// verdict: race 20/20
// race: latest
#include <snag/snag.h>

int latest = 0;

int main() {
  snag::chan<int> c(1);
  c << 5;
  snag::wait_group wg;
  wg.go([=] { c.recv(latest); });  // <- 1
  int seen = latest;               // <- 2
  wg.wait();
  return seen == 7;
}
