// SPDX-License-Identifier: Apache-2.0
// Mistake 1 with wait groups: one path through the worker forgets done(), so wait() never returns.
// Lesson: use wg.go(f), or defer done(); a count that nobody can lower again is a deadlock.
// verdict: deadlock 20/20
#include <snag/snag.h>

int main() {
  snag::wait_group wg;
  for (int i = 0; i < 3; ++i) {
    wg.add(1);
    snag::go([i, wg]() mutable {
      if (i == 1) return;
      wg.done();
    });
  }
  wg.wait();
  snag::println("never printed");
}
