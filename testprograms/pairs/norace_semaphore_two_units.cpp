// SPDX-License-Identifier: Apache-2.0
// Two goroutines give back a unit each; whoever waits for both is let go on by the second, after both.
// verdict: clean 20/20
#include <snag/snag.h>

int main() {
  int first = 0, second = 0;
  snag::semaphore units(2);
  units.acquire(2);
  snag::go([&] {
    first = 1;
    units.release();
  });
  snag::go([&] {
    second = 1;
    units.release();
  });
  if (units.acquire(snag::context::background(), 2)) return 1;
  return first + second != 2;
}
