// SPDX-License-Identifier: Apache-2.0
// Adjacent bit-fields are one memory location: writing one rewrites its neighbour.
// verdict: race 20/20
// race: open locked door
#include <snag/snag.h>

struct door {
  unsigned open : 1 = 0;
  unsigned locked : 1 = 0;
};

int main() {
  door d;
  snag::wait_group wg;
  wg.go([&] { d.open = 1; });  // <- 1
  d.locked = 1;                // <- 2
  wg.wait();
  return d.open + d.locked == 7;
}
