// SPDX-License-Identifier: Apache-2.0
// Reading under the shared lock and writing after giving it back: the write is not covered by anything.
// verdict: race 20/20
// race: cached
#include <shared_mutex>

#include <snag/snag.h>

int main() {
  int cached = 0;
  snag::shared_mutex m;
  snag::wait_group wg;
  for (int i = 0; i < 2; ++i) {
    wg.go([&] {
      m.lock_shared();
      bool missing = cached < 100;  // <- 1 2
      m.unlock_shared();
      if (missing) cached = 5;  // <- 1 2
    });
  }
  wg.wait();
  return cached == 7;
}
