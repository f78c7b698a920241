// SPDX-License-Identifier: Apache-2.0
// A heap object that goroutines share without a lock is raced for, though they also take turns with a
// thread_local buffer.
// verdict: race 20/20
// race: hits
#include <memory>
#include <vector>

#include <snag/snag.h>

struct counters {
  int hits = 0;
};

thread_local std::vector<int> scratch;

int main() {
  const auto shared = std::make_unique<counters>();
  counters* all = shared.get();
  snag::wait_group wg;
  for (int g = 1; g <= 4; ++g)
    wg.go([=] {
      scratch.assign(10, g);
      all->hits++;  // <- 1 2
    });
  wg.wait();
  return all->hits == 0;
}
