// SPDX-License-Identifier: Apache-2.0
// Giving way lets others run and orders nothing.
// verdict: race 20/20
// race: x
#include <snag/snag.h>

int main() {
  int x = 0;
  snag::wait_group wg;
  wg.go([&] { x = 1; });  // <- 1
  for (int i = 0; i < 50; ++i) snag::yield();
  x = 2;  // <- 2
  wg.wait();
  return x == 7;
}
