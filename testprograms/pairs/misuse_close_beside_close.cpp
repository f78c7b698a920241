// SPDX-License-Identifier: Apache-2.0
// Two goroutines close what they share; the second panics.
// verdict: misuse 20/20
// race: c
// hint: close-beside-close
#include <snag/snag.h>

int main() {
  snag::chan<void> c;
  snag::wait_group wg;
  for (int i = 0; i < 2; ++i) {
    wg.go([=] {
      try {
        c.close();  // <- 1 2
      } catch (const snag::panic_error&) {
      }
    });
  }
  wg.wait();
}
