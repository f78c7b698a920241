// SPDX-License-Identifier: Apache-2.0
// Two units let two in at once: acquiring orders nothing by itself.
// verdict: race 20/20
// race: count
#include <snag/snag.h>

int main() {
  int count = 0;
  snag::semaphore two(2);
  snag::wait_group wg;
  wg.go([&] {
    two.acquire();
    ++count;  // <- 1 2
  });
  two.acquire();
  ++count;  // <- 1 2
  wg.wait();
  two.release(2);
  return count > 2;
}
