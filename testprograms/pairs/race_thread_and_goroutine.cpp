// SPDX-License-Identifier: Apache-2.0
// A thread and a goroutine share a counter.
// verdict: race 20/20
// race: x
#include <thread>

#include <snag/snag.h>

int x = 0;

int main() {
  snag::wait_group wg;
  wg.go([] { ++x; });          // <- 1 2
  std::thread t([] { ++x; });  // <- 1 2
  t.join();
  wg.wait();
  return x == 7;
}
