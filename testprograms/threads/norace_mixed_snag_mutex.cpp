// SPDX-License-Identifier: Apache-2.0
// Threads and goroutines take a snag::mutex.
// verdict: clean 20/20
#include <mutex>
#include <thread>

#include <snag/snag.h>

snag::mutex m;
int total = 0;

int main() {
  const auto add = [] {
    for (int i = 0; i < 5; ++i) {
      std::lock_guard hold(m);
      total++;
    }
  };
  std::thread a(add), b(add);
  snag::wait_group all;
  all.go([] {
    std::lock_guard hold(m);
    total++;
  });
  all.wait();
  a.join();
  b.join();
  return total != 11;
}
