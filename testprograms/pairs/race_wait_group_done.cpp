// SPDX-License-Identifier: Apache-2.0
// done() orders what came before it; this write comes after.
// verdict: race 20/20
// race: x
#include <snag/snag.h>

int main() {
  int x = 0;
  snag::wait_group started, finished;
  started.add(1);
  finished.add(1);
  snag::go([&] {
    started.done();
    x = 1;  // <- 1
    finished.done();
  });
  started.wait();
  int seen = x;  // <- 2
  finished.wait();
  return seen == 7;
}
