// SPDX-License-Identifier: Apache-2.0
// A cacher's first dispatch still goes through the list of watchers when the next one shortens it.
// shape: race
// race: watchers
#include <atomic>
#include <mutex>
#include <vector>

#include <snag/snag.h>

struct cacher {
  snag::mutex mu;
  std::vector<int> watchers{1, 2, 3};
  std::atomic<int> delivered = 0;

  void dispatch_all() {
    for (int w : watchers) delivered += w;  // <- 1
  }
  void dispatch(std::size_t keep) {
    std::lock_guard hold(mu);
    watchers.resize(keep);  // <- 2
  }
};

int main() {
  cacher c;
  snag::wait_group wg;
  wg.go([&] { c.dispatch_all(); });
  for (std::size_t keep : {2, 1}) c.dispatch(keep);
  wg.wait();
}
