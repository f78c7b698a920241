// SPDX-License-Identifier: Apache-2.0
// No room, so nothing is sent; but to a closed channel even the attempt panics.
// verdict: misuse 20/20
// race: c
// hint: send-beside-close
#include <snag/snag.h>

int main() {
  snag::chan<int> c(1);
  c << 0;
  snag::wait_group wg;
  wg.go([=] {
    try {
      c.try_send(1);  // <- 1
    } catch (const snag::panic_error&) {
    }
  });
  c.close();  // <- 2
  wg.wait();
}
