// SPDX-License-Identifier: Apache-2.0
// Writing under the shared lock: two readers are inside at once.
// verdict: race 20/20
// race: hits
#include <shared_mutex>

#include <snag/snag.h>

int main() {
  int hits = 0;
  snag::shared_mutex m;
  snag::wait_group wg;
  for (int i = 0; i < 2; ++i) {
    wg.go([&] {
      std::shared_lock hold(m);
      ++hits;  // <- 1 2
    });
  }
  wg.wait();
  return hits == 7;
}
