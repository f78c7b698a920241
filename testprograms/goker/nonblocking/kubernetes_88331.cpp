// SPDX-License-Identifier: Apache-2.0
// A queue's length is asked for beside a pop, which holds the lock.
// shape: race
// race: queue
#include <mutex>
#include <vector>

#include <snag/snag.h>

struct priority_queue {
  snag::mutex mu;
  std::vector<int> queue{1, 2, 3};

  void pop() {
    std::lock_guard hold(mu);
    queue.pop_back();  // <- 1
  }
  std::size_t size() {
    return queue.size();  // <- 2
  }
};

int main() {
  priority_queue q;
  snag::wait_group wg;
  wg.go([&] { q.pop(); });
  wg.go([&] { snag::println("{} left", q.size()); });
  wg.wait();
}
