// SPDX-License-Identifier: Apache-2.0
// The variable is atomic.
// verdict: clean 20/20
#include <atomic>

#include <snag/snag.h>

struct filter {
  std::atomic<int> filter_called = 0;
  bool accept(int node) {
    ++filter_called;
    return node > 0;
  }
};

int main() {
  filter f;
  snag::chan<int> nodes(4);
  for (int node = 0; node < 4; ++node) nodes << node;
  nodes.close();
  snag::wait_group workers;
  for (int i = 0; i < 2; ++i) {
    workers.go([&] {
      for (int node : nodes) f.accept(node);
    });
  }
  workers.wait();
}
