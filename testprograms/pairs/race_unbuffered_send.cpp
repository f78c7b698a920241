// SPDX-License-Identifier: Apache-2.0
// A send orders what came before it; a write after the send is unordered with the receiver.
// verdict: race 20/20
// race: x
#include <snag/snag.h>

int main() {
  int x = 0;
  snag::chan<int> c;
  snag::wait_group wg;
  wg.go([&] {
    c << 1;
    x = 1;  // <- 1
  });
  c.recv();
  int seen = x;  // <- 2
  wg.wait();
  return seen == 7;
}
