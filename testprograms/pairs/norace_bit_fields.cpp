// SPDX-License-Identifier: Apache-2.0
// An unnamed bit-field of width zero starts a new memory location.
// verdict: clean 20/20
#include <snag/snag.h>

struct door {
  unsigned open : 1 = 0;
  unsigned : 0;
  unsigned locked : 1 = 0;
};

int main() {
  door d;
  snag::wait_group wg;
  wg.go([&] { d.open = 1; });
  d.locked = 1;
  wg.wait();
  return d.open + d.locked != 2;
}
