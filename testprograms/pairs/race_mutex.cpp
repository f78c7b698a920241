// SPDX-License-Identifier: Apache-2.0
// Both lock, but not the same mutex.
// verdict: race 20/20
// race: x
#include <mutex>

#include <snag/snag.h>

int main() {
  int x = 0;
  snag::mutex a, b;
  snag::wait_group wg;
  wg.go([&] {
    std::lock_guard hold(a);
    ++x;  // <- 1
  });
  {
    std::lock_guard hold(b);
    ++x;  // <- 2
  }
  wg.wait();
  return x == 7;
}
