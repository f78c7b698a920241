// SPDX-License-Identifier: Apache-2.0
// There is room for the value, but the channel may be closed by then.
// verdict: misuse 20/20
// race: c
// hint: send-beside-close
#include <snag/snag.h>

int main() {
  snag::chan<int> c(1);
  snag::wait_group wg;
  wg.go([=] {
    try {
      c << 1;  // <- 1
    } catch (const snag::panic_error&) {
    }
  });
  c.close();  // <- 2
  wg.wait();
}
