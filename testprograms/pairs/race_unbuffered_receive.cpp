// SPDX-License-Identifier: Apache-2.0
// The receiver of an unbuffered channel writes after it received: nothing orders that before the sender's
// read.
// verdict: race 20/20
// race: x
#include <snag/snag.h>

int main() {
  int x = 0;
  snag::chan<int> c;
  snag::wait_group wg;
  wg.go([&] {
    c.recv();
    x = 1;  // <- 1
  });
  c << 1;
  int seen = x;  // <- 2
  wg.wait();
  return seen == 7;
}
