// SPDX-License-Identifier: Apache-2.0
// A dispatch takes the list for itself.
// verdict: clean 20/20
#include <atomic>
#include <mutex>
#include <vector>

#include <snag/snag.h>

struct cacher {
  snag::mutex mu;
  std::vector<int> watchers{1, 2, 3};
  std::atomic<int> delivered = 0;

  void dispatch_all() {
    std::vector<int> mine;
    {
      std::lock_guard hold(mu);
      mine = watchers;
    }
    for (int w : mine) delivered += w;
  }
  void dispatch(std::size_t keep) {
    std::lock_guard hold(mu);
    watchers.resize(keep);
  }
};

int main() {
  cacher c;
  snag::wait_group wg;
  wg.go([&] { c.dispatch_all(); });
  for (std::size_t keep : {2, 1}) c.dispatch(keep);
  wg.wait();
}
