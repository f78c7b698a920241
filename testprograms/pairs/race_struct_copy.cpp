// SPDX-License-Identifier: Apache-2.0
// Copying the whole struct reads every field, also the one that is being written.
// verdict: race 20/20
// race: position p
#include <snag/snag.h>

struct position {
  double x = 1, y = 2, z = 3;
  int zone[6] = {};
};

position p;

int main() {
  position copy;
  snag::wait_group wg;
  wg.go([] { p.zone[5] = 1; });  // <- 1
  copy = p;                      // <- 2
  wg.wait();
  return copy.zone[5] == 7;
}
