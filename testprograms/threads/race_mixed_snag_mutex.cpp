// SPDX-License-Identifier: Apache-2.0
// Threads take a snag::mutex, and a goroutine forgets to.
// verdict: race 20/20
// race: total
#include <mutex>
#include <thread>

#include <snag/snag.h>

snag::mutex m;
int total = 0;

int main() {
  const auto add = [] {
    for (int i = 0; i < 5; ++i) {
      std::lock_guard hold(m);
      total++;  // <- 1
    }
  };
  std::thread a(add), b(add);
  snag::wait_group all;
  all.go([] {
    total++;  // <- 2
  });
  all.wait();
  a.join();
  b.join();
  return total > 11;
}
