// SPDX-License-Identifier: Apache-2.0
// The default order: a store is a release, a load an acquire.
// verdict: clean 20/20
#include <atomic>

#include <snag/snag.h>

int payload = 0;
std::atomic<int> flag = 0;

int main() {
  snag::wait_group wg;
  wg.go([] {
    payload = 1;
    flag = 1;
  });
  while (flag == 0) snag::yield();
  int seen = payload;
  wg.wait();
  return seen != 1;
}
