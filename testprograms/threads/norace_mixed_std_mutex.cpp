// SPDX-License-Identifier: Apache-2.0
// Goroutines and threads take one std::mutex.
// verdict: clean 20/20
#include <mutex>
#include <thread>

#include <snag/snag.h>

std::mutex m;
int visitors = 0;

void visit() {
  for (int i = 0; i < 5; ++i) {
    std::lock_guard hold(m);
    visitors++;
    if (i == 2) snag::yield();
  }
}

int main() {
  snag::wait_group all;
  for (int i = 0; i < 3; ++i) all.go(visit);
  std::thread t([] {
    std::lock_guard hold(m);
    visitors++;
  });
  t.join();
  all.wait();
  return visitors != 16;
}
