// SPDX-License-Identifier: Apache-2.0
// The pointer is handed over, and the sender goes on writing through it.
// verdict: race 20/20
// race: *p *got
#include <snag/snag.h>

int main() {
  int seen = 0;
  snag::chan<int*> c;
  snag::wait_group wg;
  wg.go([&] {
    int* p = new int(1);
    c << p;
    *p = 2;  // <- 1
  });
  int* got = c.recv();
  seen = *got;  // <- 2
  wg.wait();
  delete got;
  return seen == 7;
}
