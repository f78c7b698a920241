// SPDX-License-Identifier: Apache-2.0
// Polling with a default until the value is there: the receive that succeeds at last orders.
// verdict: clean 20/20
#include <snag/snag.h>

int main() {
  int x = 0;
  snag::chan<int> c(1);
  snag::wait_group wg;
  wg.go([&] {
    x = 1;
    c << 1;
  });
  for (bool done = false; !done;) {
    snag::select(snag::on_recv(c, [&](int) { done = true; }), snag::on_default([] { snag::yield(); }));
  }
  x = 2;
  wg.wait();
  return x == 7;
}
