// SPDX-License-Identifier: Apache-2.0
// An unlock happens before the next lock of the same mutex, whoever comes first.
// verdict: clean 20/20
#include <mutex>

#include <snag/snag.h>

int main() {
  int x = 0;
  snag::mutex a;
  snag::wait_group wg;
  wg.go([&] {
    std::lock_guard hold(a);
    ++x;
  });
  {
    std::lock_guard hold(a);
    ++x;
  }
  wg.wait();
  return x != 2;
}
