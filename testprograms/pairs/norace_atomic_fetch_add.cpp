// SPDX-License-Identifier: Apache-2.0
// The last to arrive has acquired everybody's arrival and may touch all results.
// verdict: clean 20/20
#include <atomic>

#include <snag/snag.h>

int result[2];
std::atomic<int> arrived = 0;

void arrive(int me) {
  result[me] = 1;
  if (arrived.fetch_add(1) == 1) result[1 - me] = 2;
}

int main() {
  snag::wait_group wg;
  wg.go([] { arrive(0); });
  wg.go([] { arrive(1); });
  wg.wait();
  return result[0] + result[1] != 3;
}
