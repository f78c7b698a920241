// SPDX-License-Identifier: Apache-2.0
// The test takes the lock.
// verdict: clean 20/20
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
    if (now - p.timestamp > 60) ++moved;
  }
};

int main() {
  scheduling_queue q;
  snag::wait_group wg;
  wg.go([&] { q.flush(200); });
  {
    std::lock_guard hold(q.mu);
    q.p.timestamp -= 60;
  }
  wg.wait();
}
