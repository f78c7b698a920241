// SPDX-License-Identifier: Apache-2.0
// What comes before the go statement happens before everything the goroutine does.
// verdict: clean 20/20
#include <snag/snag.h>

int main() {
  int x = 0;
  snag::wait_group wg;
  x = 2;
  wg.go([&] { x += 1; });
  wg.wait();
  return x == 7;
}
