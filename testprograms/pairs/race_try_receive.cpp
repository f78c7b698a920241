// SPDX-License-Identifier: Apache-2.0
// A try_recv that found nothing has met nobody.
// verdict: race 20/20
// race: x
#include <snag/snag.h>

int main() {
  int x = 0, ignored = 0;
  snag::chan<int> c;
  snag::wait_group wg;
  wg.go([&] { x = 1; });  // <- 1
  while (c.try_recv(ignored) == snag::chan_status::ok) {
  }
  int seen = x;  // <- 2
  wg.wait();
  return seen == 7;
}
