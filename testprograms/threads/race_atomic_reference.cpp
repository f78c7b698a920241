// SPDX-License-Identifier: Apache-2.0
// Some increments go through atomic_ref, one is plain.
// verdict: race 20/20
// race: histogram
#include <atomic>
#include <thread>
#include <vector>

int main() {
  std::vector<int> histogram(4);
  const auto count = [&] {
    for (int& bar : histogram) std::atomic_ref(bar).fetch_add(1, std::memory_order_relaxed);  // <- 1
  };
  std::thread a(count), b(count);
  histogram[0]++;  // <- 2
  a.join();
  b.join();
  return histogram[0] > 3;
}
