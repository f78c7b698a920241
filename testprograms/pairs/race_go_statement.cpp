// SPDX-License-Identifier: Apache-2.0
// Starting a goroutine orders only what came before the go statement: the later write is unordered with it.
// verdict: race 20/20
// race: x
#include <snag/snag.h>

int main() {
  int x = 0;
  snag::wait_group wg;
  wg.go([&] { x += 1; });  // <- 1
  x = 2;                   // <- 2
  wg.wait();
  return x == 7;
}
