// SPDX-License-Identifier: Apache-2.0
// A goroutine takes a std::mutex that a thread uses too, and the thread counts once more without it.
// verdict: race 20/20
// race: visitors
#include <mutex>
#include <thread>

#include <snag/snag.h>

std::mutex m;
int visitors = 0;

void visit() {
  for (int i = 0; i < 5; ++i) {
    std::lock_guard hold(m);
    visitors++;  // <- 1
    if (i == 2) snag::yield();
  }
}

int main() {
  snag::wait_group all;
  for (int i = 0; i < 3; ++i) all.go(visit);
  std::thread t([] {
    visitors++;  // <- 2
  });
  t.join();
  all.wait();
  return visitors > 16;
}
