// SPDX-License-Identifier: Apache-2.0
// A thread waits on an atomic that a goroutine stores with release order.
// verdict: clean 20/20
#include <atomic>
#include <thread>

#include <snag/snag.h>

std::atomic<int> version = 0;
int plan = 0;

int main() {
  int seen = 0;
  std::thread follower([&] {
    version.wait(0);
    seen = plan;
  });
  snag::wait_group all;
  all.go([] {
    plan = 6;
    version.store(1, std::memory_order_release);
    version.notify_all();
  });
  all.wait();
  follower.join();
  return seen != 6;
}
