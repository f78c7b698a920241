// SPDX-License-Identifier: Apache-2.0
// A cache watcher sends the events it begins with, which nobody reads; stopping it closes only what it would
// read afterwards.
// shape: orphan
// dead: process
#include <memory>
#include <vector>

#include <snag/snag.h>

struct cache_watcher {
  snag::chan<int> input{10}, result;

  void process(std::vector<int> initial) {
    for (int event : initial) {
      result << event;  // <- dead 1
    }
    for (int event : input) {
      result << event;
    }
  }
  void stop() { input.close(); }
};

int main() {
  auto w = std::make_shared<cache_watcher>();
  snag::go(&cache_watcher::process, w, std::vector{1, 2, 3});
  w->stop();
  for (int i = 0; i < 100; ++i) snag::yield();  // main has other things to do
}
