// SPDX-License-Identifier: Apache-2.0
// A node makes its channels in its own goroutine; the server that uses them counts on being later.
// shape: race
// race: stopped
#include <chrono>

#include <snag/snag.h>

using namespace std::chrono_literals;

struct raft_node {
  snag::chan<void> stopped = nullptr;

  void run() {
    stopped = snag::chan<void>();  // <- 1
    stopped.recv();
  }
};

int main() {
  raft_node r;
  snag::wait_group wg;
  wg.go([&] { r.run(); });
  snag::sleep_for(10ms);
  r.stopped.close();  // <- 2
  wg.wait();
}
