// SPDX-License-Identifier: Apache-2.0
// A lock that only one side takes protects nothing.
// verdict: race 20/20
// race: x
#include <mutex>

#include <snag/snag.h>

int main() {
  int x = 0;
  snag::mutex m;
  snag::wait_group wg;
  wg.go([&] {
    std::lock_guard hold(m);
    ++x;  // <- 1
  });
  int seen = x;  // <- 2
  wg.wait();
  return seen == 7;
}
