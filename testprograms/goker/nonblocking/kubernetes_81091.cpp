// SPDX-License-Identifier: Apache-2.0
// A filter that runs in parallel counts its calls in a plain variable.
// shape: race
// race: filter_called
#include <snag/snag.h>

struct filter {
  int filter_called = 0;
  bool accept(int node) {
    ++filter_called;  // <- 1 2
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
