// SPDX-License-Identifier: Apache-2.0
// Stopping also ends a send in progress.
// verdict: clean 20/20
#include <memory>
#include <vector>

#include <snag/snag.h>

struct cache_watcher {
  snag::chan<int> input{10}, result;
  snag::chan<void> stopped;

  void process(std::vector<int> initial) {
    for (int event : initial) {
      if (snag::select(snag::on_send(result, event), snag::on_recv(stopped)) == 1) return;
    }
    for (int event : input) {
      if (snag::select(snag::on_send(result, event), snag::on_recv(stopped)) == 1) return;
    }
  }
  void stop() {
    input.close();
    stopped.close();
  }
};

int main() {
  auto w = std::make_shared<cache_watcher>();
  snag::go(&cache_watcher::process, w, std::vector{1, 2, 3});
  w->stop();
  for (int i = 0; i < 100; ++i) snag::yield();  // main has other things to do
}
