// SPDX-License-Identifier: Apache-2.0
// The test sets a pod's time back while the goroutine that flushes the queue reads it under the lock.
// shape: race
// race: timestamp
#include <mutex>

#include <snag/snag.h>

struct pod {
  int timestamp = 100;
};

struct scheduling_queue {
  snag::mutex mu;
  pod p;
  int moved = 0;
  void flush(int now) {
    std::lock_guard hold(mu);
    if (now - p.timestamp > 60) ++moved;  // <- 1
  }
};

int main() {
  scheduling_queue q;
  snag::wait_group wg;
  wg.go([&] { q.flush(200); });
  q.p.timestamp -= 60;  // <- 2
  wg.wait();
}
