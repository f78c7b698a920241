// SPDX-License-Identifier: Apache-2.0
// Waiting for a plain bool: the loop's read races with the write that should end it.
// verdict: race 20/20
// race: stop
#include <snag/snag.h>

bool stop = false;

int main() {
  snag::wait_group wg;
  wg.go([] {
    for (int i = 0; i < 100 && !stop; ++i) snag::yield();  // <- 1
  });
  stop = true;  // <- 2
  wg.wait();
  return 0;
}
