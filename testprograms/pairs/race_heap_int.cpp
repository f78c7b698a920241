// SPDX-License-Identifier: Apache-2.0
// One int on the heap, two pointers to it.
// verdict: race 20/20
// race: *p *mine
#include <snag/snag.h>

int main() {
  int* p = new int(0);
  snag::wait_group wg;
  wg.go([mine = p] { *mine = 1; });  // <- 1
  *p = 2;                            // <- 2
  wg.wait();
  delete p;
  return 0;
}
