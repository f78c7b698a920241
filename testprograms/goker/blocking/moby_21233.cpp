// SPDX-License-Identifier: Apache-2.0
// The test stops reading progress at the first surprise; the transfer waits to report, and its owner for the
// transfer.
// shape: orphan
// dead: the transfer, release
#include <memory>

#include <snag/snag.h>

struct transfer {
  snag::chan<int> progress;
  snag::chan<void> running;
  bool released = false;

  void run() {
    for (int i = 1; i <= 5; ++i) {
      progress << i;  // <- dead 1
    }
    running.close();
  }
  void release() {
    running.recv();  // <- dead 1
    released = true;
  }
};

int main() {
  auto t = std::make_shared<transfer>();
  snag::go(&transfer::run, t);
  snag::go(&transfer::release, t);
  for (int seen : t->progress) {
    if (seen == 2) break;  // not what was expected
  }
  for (int i = 0; i < 100; ++i) snag::yield();  // main has other things to do
}
