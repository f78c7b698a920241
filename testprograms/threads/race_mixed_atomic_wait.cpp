// SPDX-License-Identifier: Apache-2.0
// A thread waits on an atomic that a goroutine stores relaxed.
// verdict: race 20/20
// race: plan
#include <atomic>
#include <thread>

#include <snag/snag.h>

std::atomic<int> version = 0;
int plan = 0;

int main() {
  int seen = 0;
  std::thread follower([&] {
    version.wait(0);
    seen = plan;  // <- 1
  });
  snag::wait_group all;
  all.go([] {
    plan = 6;  // <- 2
    version.store(1, std::memory_order_relaxed);
    version.notify_all();
  });
  all.wait();
  follower.join();
  return seen > 6;
}
