// SPDX-License-Identifier: Apache-2.0
// A try_recv that took an element is a receive like any other.
// verdict: clean 20/20
#include <snag/snag.h>

int main() {
  int x = 0, ignored = 0;
  snag::chan<int> c(1);
  snag::wait_group wg;
  wg.go([&] {
    x = 1;
    c << 1;
  });
  while (c.try_recv(ignored) != snag::chan_status::ok) snag::yield();
  int seen = x;
  wg.wait();
  return seen == 7;
}
