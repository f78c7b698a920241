// SPDX-License-Identifier: Apache-2.0
// The statistics of a cache are counted atomically and copied plainly.
// shape: race
// race: stats writes
#include <atomic>

#include <snag/snag.h>

struct statistics {
  int writes = 0, hits = 0;
};

struct cache {
  statistics stats;
  void set() {
    std::atomic_ref(stats.writes).fetch_add(1);  // <- 1
  }
  int writes() {
    const statistics copy = stats;  // <- 2
    return copy.writes;
  }
};

int main() {
  cache c;
  snag::wait_group wg;
  wg.go([&] { c.set(); });
  wg.go([&] { snag::println("{}", c.writes() >= 0); });
  wg.wait();
}
