// SPDX-License-Identifier: Apache-2.0
// Counted in before it starts, the goroutine may count in others beside the wait.
// verdict: clean 20/20
#include <snag/snag.h>

int main() {
  snag::chan<void> over;
  snag::wait_group wg;
  wg.add(1);
  snag::go([=] {
    wg.add(1);
    snag::go([=] {
      wg.done();
      over.close();
    });
    wg.done();
  });
  wg.wait();
  over.recv();
}
