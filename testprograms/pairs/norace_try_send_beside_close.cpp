// SPDX-License-Identifier: Apache-2.0
// Attempts to send beside the receiver are over when the channel is closed.
// verdict: clean 20/20
#include <snag/snag.h>

int main() {
  snag::chan<int> c(1);
  c << 0;
  snag::wait_group wg;
  wg.go([=] { c.try_send(1); });
  c.recv();
  wg.wait();
  c.close();
}
