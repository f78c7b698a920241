// SPDX-License-Identifier: Apache-2.0
// A try_lock that succeeded is a lock.
// verdict: clean 20/20
#include <snag/snag.h>

int main() {
  int x = 0;
  snag::mutex m;
  snag::wait_group wg;
  m.lock();
  wg.go([&] {
    while (!m.try_lock()) snag::yield();
    x = 1;
    m.unlock();
  });
  x = 2;
  m.unlock();
  wg.wait();
  return x != 1;
}
