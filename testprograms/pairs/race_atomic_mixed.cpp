// SPDX-License-Identifier: Apache-2.0
// One side goes through atomic_ref, the other reads the plain variable.
// verdict: race 20/20
// race: count
#include <atomic>

#include <snag/snag.h>

int count = 0;

int main() {
  snag::wait_group wg;
  wg.go([] {
    std::atomic_ref<int> c(count);
    c.fetch_add(1);  // <- 1
  });
  int seen = count;  // <- 2
  wg.wait();
  return seen == 7;
}
