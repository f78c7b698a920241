// SPDX-License-Identifier: Apache-2.0
// A cacher's buffer of watchers is emptied under the lock and gone through after it was given back.
// shape: race
// race: buffer
#include <atomic>
#include <mutex>
#include <vector>

#include <snag/snag.h>

struct cacher {
  snag::mutex mu;
  std::vector<int> watchers{1, 2};
  std::vector<int> buffer = {};
  std::atomic<int> delivered = 0;

  void start_dispatching() {
    std::lock_guard hold(mu);
    buffer.clear();                              // <- 1
    for (int w : watchers) buffer.push_back(w);  // <- 1
  }
  void dispatch() {
    start_dispatching();
    for (int w : buffer) delivered += w;  // <- 2
  }
};

int main() {
  cacher c;
  c.buffer.reserve(2);
  snag::wait_group wg;
  for (int i = 0; i < 2; ++i) wg.go([&] { c.dispatch(); });
  wg.wait();
}
