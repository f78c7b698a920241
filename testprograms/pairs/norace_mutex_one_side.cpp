// SPDX-License-Identifier: Apache-2.0
// The read without the lock comes after the wait, when no writer is left.
// verdict: clean 20/20
#include <mutex>

#include <snag/snag.h>

int main() {
  int x = 0;
  snag::mutex m;
  snag::wait_group wg;
  wg.go([&] {
    std::lock_guard hold(m);
    ++x;
  });
  wg.wait();
  int seen = x;
  return seen != 1;
}
