// SPDX-License-Identifier: Apache-2.0
// Sequential consistency of the flags does not order the write that follows the store.
// verdict: race 20/20
// race: payload
#include <atomic>

#include <snag/snag.h>

int payload = 0;
std::atomic<int> flag = 0;

int main() {
  snag::wait_group wg;
  wg.go([] {
    flag = 1;
    payload = 1;  // <- 1
  });
  while (flag == 0) snag::yield();
  int seen = payload;  // <- 2
  wg.wait();
  return seen == 7;
}
