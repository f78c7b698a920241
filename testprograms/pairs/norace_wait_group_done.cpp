// SPDX-License-Identifier: Apache-2.0
// done() happens before the return of the wait() that it unblocks.
// verdict: clean 20/20
#include <snag/snag.h>

int main() {
  int x = 0;
  snag::wait_group started, finished;
  started.add(1);
  finished.add(1);
  snag::go([&] {
    x = 1;
    started.done();
    finished.done();
  });
  started.wait();
  int seen = x;
  finished.wait();
  return seen != 1;
}
