// SPDX-License-Identifier: Apache-2.0
// A try_lock that failed has not synchronised with the owner, and the code goes on as if it had.
// verdict: race 20/20
// race: x
#include <snag/snag.h>

int main() {
  int x = 0;
  snag::mutex m;
  snag::wait_group wg;
  m.lock();
  wg.go([&] {
    if (!m.try_lock()) x = 1;  // <- 1
  });
  x = 2;  // <- 2
  wg.wait();
  m.unlock();
  return x == 7;
}
