// SPDX-License-Identifier: Apache-2.0
// The channels are made before anybody may use them.
// verdict: clean 20/20
#include <chrono>

#include <snag/snag.h>

using namespace std::chrono_literals;

struct raft_node {
  snag::chan<void> stopped;

  void run() { stopped.recv(); }
};

int main() {
  raft_node r;
  snag::wait_group wg;
  wg.go([&] { r.run(); });
  snag::sleep_for(10ms);
  r.stopped.close();
  wg.wait();
}
