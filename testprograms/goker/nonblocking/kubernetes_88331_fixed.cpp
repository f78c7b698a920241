// SPDX-License-Identifier: Apache-2.0
// The length is asked for under the lock.
// verdict: clean 20/20
#include <mutex>
#include <vector>

#include <snag/snag.h>

struct priority_queue {
  snag::mutex mu;
  std::vector<int> queue{1, 2, 3};

  void pop() {
    std::lock_guard hold(mu);
    queue.pop_back();
  }
  std::size_t size() {
    std::lock_guard hold(mu);
    return queue.size();
  }
};

int main() {
  priority_queue q;
  snag::wait_group wg;
  wg.go([&] { q.pop(); });
  wg.go([&] { snag::println("{} left", q.size()); });
  wg.wait();
}
