// SPDX-License-Identifier: Apache-2.0
// A wait group is used again while somebody may still wait for what it counted before.
// verdict: misuse 20/20
// race: wg
// hint: reuse-beside-wait
#include <snag/snag.h>

int main() {
  snag::wait_group wg, both;
  wg.add(1);
  both.go([=] {
    try {
      wg.wait();                          // <- 2
    } catch (const snag::panic_error&) {  // "WaitGroup is reused before previous Wait has returned", at times
    }
  });
  wg.done();
  wg.add(1);  // <- 1
  wg.done();
  both.wait();
}
