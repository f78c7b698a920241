// SPDX-License-Identifier: Apache-2.0
// Each goroutine looks at the one loop variable that the loop goes on incrementing.
// verdict: race 20/20
// race: i
#include <snag/snag.h>

int main() {
  int i = 0;
  snag::wait_group wg;
  for (i = 0; i < 3; ++i) {  // <- 1
    wg.go([&] {
      if (i > 3) snag::panic("past the end");  // <- 2
    });
  }
  wg.wait();
  return i == 70;
}
