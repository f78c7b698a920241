// SPDX-License-Identifier: Apache-2.0
// Each dispatch goes through a buffer of its own.
// verdict: clean 20/20
#include <atomic>
#include <mutex>
#include <vector>

#include <snag/snag.h>

struct cacher {
  snag::mutex mu;
  std::vector<int> watchers{1, 2};
  std::atomic<int> delivered = 0;

  std::vector<int> start_dispatching() {
    std::lock_guard hold(mu);
    return watchers;
  }
  void dispatch() {
    for (int w : start_dispatching()) delivered += w;
  }
};

int main() {
  cacher c;
  snag::wait_group wg;
  for (int i = 0; i < 2; ++i) wg.go([&] { c.dispatch(); });
  wg.wait();
}
