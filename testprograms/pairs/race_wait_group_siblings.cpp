// SPDX-License-Identifier: Apache-2.0
// Waiting for the group orders the waiter after its members, not the members among themselves.
// verdict: race 20/20
// race: total
#include <snag/snag.h>

int main() {
  int total = 0;
  snag::wait_group wg;
  for (int i = 1; i <= 3; ++i) wg.go([&, i] { total += i; });  // <- 1 2
  wg.wait();
  return total == 70;
}
