// SPDX-License-Identifier: Apache-2.0
// The first to arrive writes into the other's field: only the last may, it alone knows that both have come.
// verdict: race 20/20
// race: result
#include <atomic>

#include <snag/snag.h>

int result[2];
std::atomic<int> arrived = 0;

void arrive(int me) {
  result[me] = 1;                                     // <- 1 2
  if (arrived.fetch_add(1) == 0) result[1 - me] = 2;  // <- 1 2
}

int main() {
  snag::wait_group wg;
  wg.go([] { arrive(0); });
  wg.go([] { arrive(1); });
  wg.wait();
  return result[0] + result[1] == 7;
}
