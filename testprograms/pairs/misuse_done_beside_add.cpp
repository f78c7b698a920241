// SPDX-License-Identifier: Apache-2.0
// The worker may be done before main has counted it in, which takes the count below zero.
// verdict: misuse 20/20
// race: wg
// hint: done-beside-add
#include <snag/snag.h>

int main() {
  snag::chan<void> job(1), over;
  snag::wait_group wg;
  snag::go([=] {
    job.recv();
    try {
      wg.done();  // <- 1
    } catch (const snag::panic_error&) {
    }
    over.close();
  });
  job.send();
  wg.add(1);  // <- 2
  over.recv();
}
