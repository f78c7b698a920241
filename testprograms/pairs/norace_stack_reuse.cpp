// SPDX-License-Identifier: Apache-2.0
// Short goroutines whose locals land in the same stack memory, shared with a child each time: never a race.
// verdict: clean 20/20
#include <snag/snag.h>

int main() {
  snag::wait_group all;
  for (int i = 0; i < 100; ++i) {
    all.go([i] {
      int local[8] = {};
      snag::wait_group child;
      child.go([&] { local[3] = i; });
      child.wait();
      if (local[3] != i) snag::panic("lost a write");
    });
    snag::yield();
  }
  all.wait();
  return 0;
}
