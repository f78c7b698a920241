// SPDX-License-Identifier: Apache-2.0
// The static member is atomic.
// verdict: clean 20/20
#include <atomic>

#include <snag/snag.h>

struct connection {
  connection() { alive.fetch_add(1, std::memory_order_relaxed); }
  static inline std::atomic<int> alive = 0;
};

int main() {
  snag::wait_group wg;
  wg.go([] { connection c; });
  wg.go([] { connection c; });
  wg.wait();
  return connection::alive != 2;
}
