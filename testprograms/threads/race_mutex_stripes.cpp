// SPDX-License-Identifier: Apache-2.0
// Striped locks: the stripe is chosen by the thread, not by the slot that is changed.
// verdict: race 20/20
// race: counts table
#include <array>
#include <mutex>
#include <thread>

struct table {
  std::array<std::mutex, 2> stripes;
  std::array<int, 8> counts = {};
};

void count(table& t, int thread) {
  for (int slot = 0; slot < 8; ++slot) {
    std::lock_guard hold(t.stripes[thread % 2]);
    t.counts[slot]++;  // <- 1 2
  }
}

int main() {
  table t;
  std::thread a([&] { count(t, 0); }), b([&] { count(t, 1); });
  a.join();
  b.join();
  return t.counts[0] > 2;
}
