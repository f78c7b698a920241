// SPDX-License-Identifier: Apache-2.0
// On an unbuffered channel the receive happens before the send completes: the receiver publishes to the
// sender.
// verdict: clean 20/20
#include <snag/snag.h>

int main() {
  int x = 0;
  snag::chan<int> c;
  snag::wait_group wg;
  wg.go([&] {
    x = 1;
    c.recv();
  });
  c << 1;
  int seen = x;
  wg.wait();
  return seen == 7;
}
