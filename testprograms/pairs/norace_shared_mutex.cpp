// SPDX-License-Identifier: Apache-2.0
// Readers share, the writer excludes: every pair with a write in it is ordered.
// verdict: clean 20/20
#include <mutex>
#include <shared_mutex>

#include <snag/snag.h>

int main() {
  int hits = 0, seen[3] = {0, 0, 0};
  snag::shared_mutex m;
  snag::wait_group wg;
  for (int i = 0; i < 3; ++i) {
    wg.go([&, i] {
      std::shared_lock hold(m);
      seen[i] = hits;
    });
    wg.go([&] {
      std::unique_lock hold(m);
      ++hits;
    });
  }
  wg.wait();
  return hits != 3;
}
