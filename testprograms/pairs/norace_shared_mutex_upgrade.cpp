// SPDX-License-Identifier: Apache-2.0
// The write takes the exclusive lock and looks again.
// verdict: clean 20/20
#include <shared_mutex>

#include <snag/snag.h>

int main() {
  int cached = 0;
  snag::shared_mutex m;
  snag::wait_group wg;
  for (int i = 0; i < 2; ++i) {
    wg.go([&] {
      m.lock_shared();
      bool missing = cached < 100;
      m.unlock_shared();
      m.lock();
      if (missing) cached = 5;
      m.unlock();
    });
  }
  wg.wait();
  return cached == 7;
}
