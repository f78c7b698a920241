// SPDX-License-Identifier: Apache-2.0
// Mistake 2: the goroutine adds itself to the group, and main has already found the group empty.
// Lesson: add() before the go statement. Here main waits first on every schedule, because the workers wait
// for it.
// verdict: race 20/20
// race: total
#include <snag/snag.h>

int main() {
  int total = 0;
  snag::chan<void> start;
  snag::wait_group wg, really;
  really.go([&] {
    start.recv();
    wg.add(1);
    total = 10;  // <- 1
    wg.done();
  });
  wg.wait();
  start.close();
  snag::println("total: {}", total);  // <- 2
  really.wait();
}
