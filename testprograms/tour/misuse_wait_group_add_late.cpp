// SPDX-License-Identifier: Apache-2.0
// Mistake 2 as it looks in the wild: whether main waits for the work depends on who comes first.
// Lesson: a program that is right on some schedules is wrong; it is reported on all of them.
// verdict: misuse 20/20
// race: wg
// hint: add-beside-wait
// also: race
#include <snag/snag.h>

int main() {
  int total = 0;
  snag::wait_group wg, really;
  really.add(1);
  snag::go([&, really]() mutable {
    wg.add(1);  // <- 1
    total = 10;
    wg.done();
    really.done();
  });
  snag::yield();
  wg.wait();  // <- 2
  snag::println("total: {}", total);
  really.wait();
}
