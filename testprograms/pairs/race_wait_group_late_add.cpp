// SPDX-License-Identifier: Apache-2.0
// The goroutine counts itself in, but the waiter has already found the group empty.
// verdict: race 20/20
// race: x
#include <snag/snag.h>

int main() {
  int x = 0;
  snag::chan<void> gate, over;
  snag::wait_group wg;
  snag::go([&] {
    gate.recv();
    wg.add(1);
    x = 1;  // <- 1
    wg.done();
    over.close();
  });
  wg.wait();
  gate.close();
  int seen = x;  // <- 2
  over.recv();
  return seen == 7;
}
