// SPDX-License-Identifier: Apache-2.0
// The goroutine counts itself in: whether the wait comes before that is luck.
// verdict: misuse 20/20
// race: wg
// hint: add-beside-wait
#include <snag/snag.h>

int main() {
  snag::chan<void> over;
  snag::wait_group wg;
  snag::go([=] {
    wg.add(1);  // <- 1
    wg.done();
    over.close();
  });
  wg.wait();  // <- 2
  over.recv();
}
