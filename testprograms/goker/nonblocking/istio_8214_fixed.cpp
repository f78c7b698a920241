// SPDX-License-Identifier: Apache-2.0
// They are read as they are counted.
// verdict: clean 20/20
#include <atomic>

#include <snag/snag.h>

struct statistics {
  int writes = 0, hits = 0;
};

struct cache {
  statistics stats;
  void set() { std::atomic_ref(stats.writes).fetch_add(1); }
  int writes() { return std::atomic_ref(stats.writes).load(); }
};

int main() {
  cache c;
  snag::wait_group wg;
  wg.go([&] { c.set(); });
  wg.go([&] { snag::println("{}", c.writes() >= 0); });
  wg.wait();
}
