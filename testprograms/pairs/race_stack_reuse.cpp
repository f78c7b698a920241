// SPDX-License-Identifier: Apache-2.0
// Short goroutines reuse each other's stacks, and each also touches one shared counter.
// verdict: race 20/20
// race: shared_count
#include <snag/snag.h>

int main() {
  int shared_count = 0;
  snag::wait_group wg;
  for (int i = 0; i < 100; ++i) {
    wg.go([&] {
      int local[8] = {};
      for (int& cell : local) cell = 1;
      shared_count += local[3];  // <- 1 2
    });
    snag::yield();
  }
  wg.wait();
  return shared_count == 7;
}
